import { AsyncLocalStorage } from 'node:async_hooks';
import { Controller, Get, Injectable, Param } from '@nestjs/common';
import type { INestApplication } from '@nestjs/common';
import { expect, it } from '@jest/globals';
import { Cached, CacheService, CacheTags, InvalidateTags, LayerCacheKeyError } from '../../../lib/index.js';
import { onBothPlatforms } from '../../support/http-platforms.js';

const tenants = new AsyncLocalStorage<string | undefined>();

@Injectable()
class ItemsService {
  loads = 0;

  @Cached()
  @CacheTags('items')
  find(id: string): Promise<string> {
    this.loads++;
    return Promise.resolve(`${id} of ${tenants.getStore()}`);
  }

  @InvalidateTags('items')
  change(): Promise<void> {
    return Promise.resolve();
  }
}

@Controller('items')
class ItemsController {
  constructor(readonly items: ItemsService) {}

  @Get(':id')
  @Cached()
  @CacheTags('items')
  find(@Param('id') id: string): Promise<string> {
    return this.items.find(id);
  }
}

/** As a middleware knows the tenant of a request. */
function inTenant(app: INestApplication): void {
  app.use((request: { headers: Record<string, string | undefined> }, _response: unknown, next: () => void) => {
    tenants.run(request.headers['x-tenant'], next);
  });
}

onBothPlatforms('with a keyContext', (start) => {
  const started = () =>
    start({
      controllers: [ItemsController],
      providers: [ItemsService],
      cache: { keyContext: () => tenants.getStore() },
      setUp: inTenant,
    });
  const of = (tenant: string) => ({ headers: { 'x-tenant': tenant } });

  it('S12: tenants never see what was stored for another', async () => {
    const app = await started();
    const texts: string[] = [];
    for (const tenant of ['a', 'b', 'a', 'a(', 'a:b']) texts.push((await app.ask('/items/1', of(tenant))).text);
    expect(texts).toEqual(['1 of a', '1 of b', '1 of a', '1 of a(', '1 of a:b']);
    expect(app.get(ItemsService).loads).toBe(4);
  });

  it('S12: no tenant can write itself into the key of another', async () => {
    const app = await started();
    const pairs = [
      ['a', 'bc'],
      ['ab', 'c'],
      ['a', "'bc"],
      ["a'", 'bc'],
      ['1:a', 'b'],
      ['1', 'a:b'],
      ['a', ')('],
      ['a)', '('],
    ] as const;
    for (const [tenant, id] of pairs) {
      const reply = await app.ask(`/items/${encodeURIComponent(id)}`, of(tenant));
      expect([reply.text, reply.cache]).toEqual([`${id} of ${tenant}`, 'layercache; fwd=miss; stored']);
    }
  });

  it.each([
    ['a tag', (app: { get(type: typeof ItemsService): ItemsService }) => app.get(ItemsService).change()],
    ['clear()', (app: { get(type: typeof CacheService): CacheService }) => app.get(CacheService).clear()],
  ] as const)('S12: %s reaches every tenant', async (_what, invalidate) => {
    const app = await started();
    for (const tenant of ['a', 'b']) await app.ask('/items/1', of(tenant));
    await invalidate(app as never);
    for (const tenant of ['a', 'b']) {
      expect((await app.ask('/items/1', of(tenant))).cache).toBe('layercache; fwd=miss; stored');
    }
  });

  it('S13: a request without a tenant is not cached, and one warning says so', async () => {
    const app = await started();
    for (let time = 0; time < 3; time++) expect((await app.ask('/items/1')).text).toBe('1 of undefined');
    expect(app.get(ItemsService).loads).toBe(3);
    expect(app.log.warnings).toEqual([expect.stringContaining('keyContext')]);
  });

  it('S13: a request without a tenant gets nothing that was stored for one', async () => {
    const app = await started();
    await app.ask('/items/1', of('a'));
    expect((await app.ask('/items/1')).text).toBe('1 of undefined');
    expect((await app.ask('/items/1', of('a'))).text).toBe('1 of a');
  });

  it('S13: set, delete and evict without a tenant throw rather than reach a key of all', async () => {
    const app = await started();
    const cache = app.get(CacheService);
    await expect(cache.set('a', 1)).rejects.toThrow(LayerCacheKeyError);
    await expect(cache.delete('a')).rejects.toThrow(LayerCacheKeyError);
    await expect(cache.evict(ItemsService, 'find', ['1'])).rejects.toThrow(LayerCacheKeyError);
  });

  it('S13: evict of one tenant leaves another alone', async () => {
    const app = await started();
    for (const tenant of ['a', 'b']) await app.ask('/items/1', of(tenant));
    await tenants.run('a', () => app.get(CacheService).evict(ItemsController, 'find', ['1']));
    expect((await app.ask('/items/1', of('b'))).cache).toBe('layercache; hit; ttl=60');
    expect((await app.ask('/items/1', of('a'))).cache).toBe('layercache; fwd=miss; stored');
  });
});
