import { describe, expect, it } from '@jest/globals';
import { ended, programOf } from '../support/ended-program.js';

const NOWHERE = 'redis://127.0.0.1:9';

const ALONE = `
import { createLayerCache } from './lib/engine/create-layer-cache.ts';

const cache = createLayerCache({ prefix: 'shop', redis: { url: '${NOWHERE}' } }, { warn: () => undefined });
await cache.ready();
console.log('ready');
await cache.delete('k').catch(({ name }) => console.log(name));
console.log(await cache.getOrSet('k', () => Promise.resolve('loaded')));
`;

const SERVICE = `
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { LayerCacheModule } from './lib/index.ts';

@Module({ imports: [LayerCacheModule.forRoot({ prefix: 'shop', redis: { url: '${NOWHERE}' } })] })
class AppModule {}

const app = await NestFactory.create(AppModule, { logger: false });
await app.listen(0, '127.0.0.1');
console.log('listens');
await app.close();
`;

describe('Without Redis, and with nothing else to do meanwhile,', () => {
  it('a program waits for the start, and for an invalidation', async () => {
    const { code, out, errors } = await ended(await programOf(ALONE), {});
    expect([code, errors]).toEqual([0, '']);
    expect(out.split('\n').slice(0, 3)).toEqual(['ready', 'InvalidationPendingError', 'loaded']);
  });

  it('a service starts', async () => {
    const { code, out, errors } = await ended(await programOf(SERVICE), {});
    expect([code, errors]).toEqual([0, '']);
    expect(out).toMatch(/^listens/);
  });
});
