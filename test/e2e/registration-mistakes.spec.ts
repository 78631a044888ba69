import { describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { LayerCacheConfigError, LayerCacheModule, type LayerCacheOptions } from '../../lib/index.js';
import { startPlain } from '../support/applications.js';
import { RecordingLogger } from '../support/recording-logger.js';

function compile(...imports: Parameters<typeof Test.createTestingModule>[0]['imports'] & object): Promise<unknown> {
  return Test.createTestingModule({ imports }).setLogger(new RecordingLogger()).compile();
}

const config = (option: string) => expect.objectContaining({ name: 'LayerCacheConfigError', option });

describe('The start stops at', () => {
  it.each<[option: string, options: object, message: string]>([
    ['ttl', { ttl: -1 }, 'ttl: got -1'],
    ['ttl', { ttl: 0 }, 'ttl: got 0'],
    ['ttl', { ttl: '5 minutes' }, "ttl: got '5 minutes'"],
    ['ttl', { ttl: '366d' }, "ttl: got '366d'"],
    ['jitter', { jitter: 5 }, 'jitter: got 5'],
    ['softTimeout', { softTimeout: '1s' }, 'softTimeout: '],
    ['prefix', { prefix: 'my shop' }, "prefix: got 'my shop', takes 1 to 64 of A-Z a-z 0-9 . _ -"],
    ['memory', { memory: false }, 'memory: got false'],
    ['memory.max', { memory: { max: 0 } }, 'memory.max: got 0'],
    ['tiers', { tiers: [] }, 'tiers: got an array of 0'],
    ['observers', { observers: {} }, 'observers: got an object'],
    ['keyContext', { keyContext: 'tenant' }, "keyContext: got 'tenant'"],
    ['isNegativeError', { isNegativeError: 404 }, 'isNegativeError: got 404'],
  ])('a bad %s', async (option, options, message) => {
    const compiled = compile(LayerCacheModule.forRoot(options as LayerCacheOptions));
    await expect(compiled).rejects.toEqual(config(option));
    await expect(compiled).rejects.toThrow(message);
  });

  it.each([
    ['tll', "'ttl'"],
    ['staleWhileRevalidation', "'staleWhileRevalidate'"],
    ['keycontext', "'keyContext'"],
    ['isglobal', "'isGlobal'"],
  ])('the unknown option %s, and names the nearest, %s', async (option, nearest) => {
    const compiled = compile(LayerCacheModule.forRoot({ [option]: '1m' }));
    await expect(compiled).rejects.toEqual(config(option));
    await expect(compiled).rejects.toThrow(nearest);
  });

  it('null in place of options', () => {
    expect(() => LayerCacheModule.forRoot(null as never)).toThrow(LayerCacheConfigError);
  });

  it('a bad option that a factory returns', async () => {
    const compiled = compile(LayerCacheModule.forRootAsync({ useFactory: () => ({ ttl: 0 }) }));
    await expect(compiled).rejects.toEqual(config('ttl'));
  });

  it.each([[undefined], [null], ['5m'], [[]]])('a factory that returns %j', async (returned) => {
    const compiled = compile(LayerCacheModule.forRootAsync({ useFactory: () => returned as never }));
    await expect(compiled).rejects.toEqual(config('options'));
  });

  it('a factory that throws, with its error', async () => {
    const failure = new Error('no configuration');
    const compiled = compile(LayerCacheModule.forRootAsync({ useFactory: () => Promise.reject(failure) }));
    await expect(compiled).rejects.toBe(failure);
  });

  it('two caches of one name', async () => {
    const compiled = compile(LayerCacheModule.forRoot({ ttl: '1m' }), LayerCacheModule.forRoot({ ttl: '5m' }));
    await expect(compiled).rejects.toEqual(config('name'));
    await expect(compiled).rejects.toThrow(
      "there are two caches named 'default'. Give one of them another name: LayerCacheModule.forRoot({ name: 'another' }). " +
        'One module that is global serves the whole application.',
    );
  });

  it('two caches of one name with the same options, in two modules', async () => {
    @Module({ imports: [LayerCacheModule.forRoot({ name: 'catalog' })] })
    class A {}
    @Module({ imports: [LayerCacheModule.forRoot({ name: 'catalog' })] })
    class B {}
    await expect(startPlain({ imports: [A, B] })).rejects.toEqual(config('name'));
  });
});

describe('A name that a cache may not have', () => {
  it.each([['a b'], [''], ['a/b'], ['ä'], ['x'.repeat(65)], [7], [null]])('such as %j is refused', (name) => {
    expect(() => LayerCacheModule.forRoot({ name: name as string })).toThrow(LayerCacheConfigError);
    expect(() => LayerCacheModule.forRootAsync({ name: name as string, useFactory: () => ({}) })).toThrow(
      /^name: got .*, takes 1 to 64 of A-Z a-z 0-9 \. _ -$/,
    );
  });

  it('is not one of 64 of the allowed characters', async () => {
    const name = 'Aa9._-'.padEnd(64, 'x');
    const { logger } = await startPlain({ imports: [LayerCacheModule.forRoot({ name })] });
    expect(logger.of('log')).toEqual([`cache '${name}': memory (10000 entries)`]);
  });
});
