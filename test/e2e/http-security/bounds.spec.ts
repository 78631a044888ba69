import { Controller, Get, Param } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Cached, CacheService } from '../../../lib/index.js';
import { onBothPlatforms, onlyOn } from '../../support/http-platforms.js';

@Controller()
class ItemsController {
  fails = false;
  loads = 0;

  @Get('items/:id')
  @Cached({ ttl: '10s', staleWhileRevalidate: '1h' })
  find(@Param('id') id: string): Promise<string> {
    this.loads++;
    return this.fails ? Promise.reject(new Error(`item ${id} is down`)) : Promise.resolve(`item ${id}`);
  }

  @Get('mine')
  @Cached()
  mine(): Promise<string> {
    return Promise.resolve('mine');
  }
}

onBothPlatforms('under load', (start) => {
  it('S15: keys without number leave no more bytes than memory.maxBytes', async () => {
    const app = await start({ controllers: [ItemsController], cache: { memory: { maxBytes: '100kb' } } });
    const items = app.get(ItemsController);
    for (let id = 0; id < 5_000; id++) await items.find(`user ${id}`);
    const { bytes = Number.NaN, entries } = app.get(CacheService).stats();
    expect(bytes).toBeLessThanOrEqual(100 * 1024);
    expect(entries).toBeGreaterThan(0);
  });

  it('S16: what memory has let go of no short way leads to', async () => {
    const app = await start({ controllers: [ItemsController], cache: { memory: { max: 10 } } });
    const items = app.get(ItemsController);
    await items.find('first');
    for (let id = 0; id < 100; id++) await items.find(`user ${id}`);
    const { loads } = items;
    expect(await items.find('first')).toBe('item first');
    expect(items.loads).toBe(loads + 1);
  });

  it('S16: refreshes that fail by the thousand make one log line a minute', async () => {
    const app = await start({ controllers: [ItemsController] });
    const items = app.get(ItemsController);
    for (let id = 0; id < 1_000; id++) await items.find(`user ${id}`);
    await app.clock.advance(10_000);
    items.fails = true;
    for (let id = 0; id < 1_000; id++) await items.find(`user ${id}`);
    await app.clock.advance(0);
    expect(app.log.errors).toHaveLength(1);
    await app.clock.advance(60_000);
    await items.find('user 1');
    await app.clock.advance(0);
    expect(app.log.errors).toHaveLength(2);
    expect(app.log.errors[1]).toContain('999 more');
  });

  it('S16: requests that go past the cache make one warning, however many', async () => {
    const app = await start({ controllers: [ItemsController] });
    for (let time = 0; time < 50; time++) await app.ask('/mine', { headers: { cookie: `session=${time}` } });
    expect(app.log.warnings).toHaveLength(1);
  });
});

onBothPlatforms('in production', (start) => {
  const before = process.env['NODE_ENV'];
  beforeEach(() => {
    process.env['NODE_ENV'] = 'production';
  });
  afterEach(() => {
    if (before === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = before;
  });

  it('S35: a cache in memory alone says in one warning what that means', async () => {
    const app = await start({ controllers: [ItemsController] });
    expect(app.log.warnings).toEqual([expect.stringMatching(/'default' is in memory only/)]);
  });

  describe('disabled', () => {
    it('S35: a cache says nothing of memory', async () => {
      const app = await start({ controllers: [ItemsController], cache: { enabled: false } });
      expect(app.log.warnings).toEqual([]);
    });
  });
});

onBothPlatforms('while it is developed', (start) => {
  it('S35: a cache in memory alone warns of nothing', async () => {
    expect((await start({ controllers: [ItemsController] })).log.warnings).toEqual([]);
  });
});

// No request is made, so that one platform is enough.
onlyOn('Express', 'under load', (start) => {
  it('S15: 100,000 keys of users leave no more than memory.max entries', async () => {
    const app = await start({ controllers: [ItemsController], cache: { memory: { max: 1_000 } } });
    const items = app.get(ItemsController);
    for (let id = 0; id < 100_000; id++) await items.find(`user ${id}`);
    expect(app.get(CacheService).stats().entries).toBeLessThanOrEqual(1_000);
    expect(items.loads).toBe(100_000);
  }, 120_000);
});
