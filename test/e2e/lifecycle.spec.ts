import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Cached, CacheService, LayerCacheModule, type LayerCacheOptions } from '../../lib/index.js';
import { start } from '../support/applications.js';
import { RecordingLogger } from '../support/recording-logger.js';
import { settle, Source, stateOf } from '../support/source.js';

@Injectable()
class Users {
  readonly source = new Source<string>();

  @Cached({ ttl: '1m', staleWhileRevalidate: '1m' })
  find(): Promise<string> {
    return this.source.load({} as never);
  }
}

/** An application whose cache refreshes a value behind the back of its caller. */
async function startRefreshing() {
  const started = await start({ providers: [Users] });
  const users = started.app.get(Users);
  const found = users.find();
  await settle();
  users.source.answer('old');
  await found;
  await started.clock.advance(60_000);
  expect(await users.find()).toBe('old');
  await settle();
  expect(users.source.loads).toBe(2);
  return { ...started, users };
}

describe('Closing an application', () => {
  it('waits for a refresh that no caller waits for', async () => {
    const { app, users } = await startRefreshing();
    const closed = app.close();
    expect(await stateOf(closed)).toBe('pending');
    users.source.answer('new');
    await closed;
  });

  it('does not fail with a refresh that fails', async () => {
    const { app, users } = await startRefreshing();
    const closed = app.close();
    users.source.fail(new Error('down'));
    await expect(closed).resolves.toBeUndefined();
  });

  it('is over at once where nothing runs', async () => {
    const { app } = await start({ providers: [Users] });
    expect(await stateOf(app.close())).toBe('fulfilled');
  });

  it('leaves the cache usable for who still asks', async () => {
    const { app } = await start({});
    const cache = app.get(CacheService);
    await app.close();
    expect(await cache.getOrSet('a', () => 1)).toBe(1);
  });

  it('may be done twice', async () => {
    const { app } = await start({});
    await app.close();
    await expect(app.close()).resolves.toBeUndefined();
  });
});

describe('The log of the start', () => {
  const environment = process.env['NODE_ENV'];

  afterEach(() => {
    process.env['NODE_ENV'] = environment;
  });

  async function startLogged(...caches: (LayerCacheOptions & { name?: string })[]): Promise<RecordingLogger> {
    @Module({ imports: caches.map((options) => LayerCacheModule.forRoot(options)) })
    class AppModule {}
    const logger = new RecordingLogger();
    await (await NestFactory.createApplicationContext(AppModule, { logger })).close();
    return logger;
  }

  it.each<[string, LayerCacheOptions]>([
    ['memory (10000 entries)', {}],
    ['memory (50 entries)', { memory: { max: 50 } }],
    ['memory (64mb)', { memory: { maxBytes: '64mb' } }],
    ['memory (50 entries, 1024 bytes)', { memory: { max: 50, maxBytes: 1024 } }],
    ['memory (10000 entries); idle without Redis: prefix', { prefix: 'shop' }],
    ['disabled: every call runs uncached', { enabled: false }],
  ])('says in one line what runs: %s', async (summary, options) => {
    const logger = await startLogged(options);
    expect(logger.of('log')).toEqual([`cache 'default': ${summary}`]);
    expect(logger.of('warn')).toEqual([]);
  });

  it('says so of each cache', async () => {
    const logger = await startLogged({}, { name: 'catalog', memory: { max: 1 } });
    expect(logger.of('log')).toEqual([
      "cache 'default': memory (10000 entries)",
      "cache 'catalog': memory (1 entries)",
    ]);
  });

  it('warns in production that memory alone hears of no other process', async () => {
    process.env['NODE_ENV'] = 'production';
    const logger = await startLogged({});
    expect(logger.of('warn')).toEqual([
      "cache 'default' is in memory only: another instance of this service does not hear of its invalidations, " +
        'and serves what it holds until its ttl.',
    ]);
  });

  it('does not warn in production of a cache that is switched off', async () => {
    process.env['NODE_ENV'] = 'production';
    expect((await startLogged({ enabled: false })).of('warn')).toEqual([]);
  });

  it('proposes a unit for a bare ttl that looks like seconds, once', async () => {
    const logger = await startLogged({ ttl: 60 });
    expect(logger.of('warn')).toEqual([expect.stringContaining("'60s'")]);
  });
});
