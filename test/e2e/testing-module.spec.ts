import { Injectable, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { describe, expect, it } from '@jest/globals';
import { Cached, CacheService, CacheTags, getCacheToken, InvalidateTags, LayerCacheModule } from '../../lib/index.js';
import { CACHE_PARTS, LayerCacheTestingModule, ManualClock, RecordingObserver } from '../../lib/testing/index.js';
import { RecordingLogger } from '../support/recording-logger.js';

@Injectable()
class RatesService {
  fetches = 0;

  @Cached({ ttl: '5m', staleWhileRevalidate: '30s' })
  @CacheTags('rates')
  rate(currency: string): Promise<string> {
    return Promise.resolve(`${currency} ${++this.fetches}`);
  }

  @InvalidateTags('rates')
  publish(): Promise<void> {
    return Promise.resolve();
  }
}

/** As an application exports it, so that its tests can put another in its place. */
const CacheModule = LayerCacheModule.forRoot({ ttl: '1h' });

@Module({ imports: [CacheModule], providers: [RatesService] })
class AppModule {}

describe('An application as it is', () => {
  it('runs by the clock that a test puts in the place of its caches’ own', async () => {
    const clock = new ManualClock();
    const module = await Test.createTestingModule({ imports: [AppModule] })
      .overrideProvider(CACHE_PARTS)
      .useValue({ clock, random: () => 0 })
      .compile();
    await module.init();
    const rates = module.get(RatesService);

    expect(await rates.rate('EUR')).toBe('EUR 1');
    await clock.advance(330_000);
    expect(await rates.rate('EUR')).toBe('EUR 2');

    await module.close();
  });
});

describe('LayerCacheTestingModule', () => {
  it('lets a test decide what time it is', async () => {
    const clock = new ManualClock();
    const module = await Test.createTestingModule({
      imports: [LayerCacheTestingModule.forRoot({ clock })],
      providers: [RatesService],
    }).compile();
    await module.init();
    const rates = module.get(RatesService);

    expect(await rates.rate('EUR')).toBe('EUR 1');
    await clock.advance(299_999);
    expect(await rates.rate('EUR')).toBe('EUR 1');
    await clock.advance(1);
    expect(await rates.rate('EUR')).toBe('EUR 1');
    await clock.advance(0);
    expect(await rates.rate('EUR')).toBe('EUR 2');
    await clock.advance(330_000);
    expect(await rates.rate('EUR')).toBe('EUR 3');
    await rates.publish();
    expect(await rates.rate('EUR')).toBe('EUR 4');

    await module.close();
  });

  it('has the process’s clock and no jitter without options', async () => {
    const module = await Test.createTestingModule({ imports: [LayerCacheTestingModule.forRoot()] }).compile();
    await module.init();
    const cache = module.get(CacheService);
    await cache.set('a', 1, { ttl: '1h' });
    const looked = await cache.lookup('a');
    expect(looked.found && looked.ttl > 3_590_000).toBe(true);
    await module.close();
  });

  it('takes what LayerCacheModule takes', async () => {
    const heard = new RecordingObserver();
    const module = await Test.createTestingModule({
      imports: [LayerCacheTestingModule.forRoot({ name: 'catalog', memory: { max: 1 }, observers: [heard] })],
    }).compile();
    await module.init();
    await module.get<CacheService>(getCacheToken('catalog')).set('a', 1);
    expect(heard.events).toEqual([{ name: 'set', args: ['catalog', 'a'] }]);
    await module.close();
  });

  it('refuses the options that LayerCacheModule refuses', async () => {
    const compiled = Test.createTestingModule({ imports: [LayerCacheTestingModule.forRoot({ ttl: 0 })] })
      .setLogger(new RecordingLogger())
      .compile();
    await expect(compiled).rejects.toMatchObject({ name: 'LayerCacheConfigError', option: 'ttl' });
  });

  it('takes the place of the module that an application exports', async () => {
    const clock = new ManualClock();
    const module = await Test.createTestingModule({ imports: [AppModule] })
      .overrideModule(CacheModule)
      .useModule(LayerCacheTestingModule.forRoot({ clock }))
      .compile();
    await module.init();
    const rates = module.get(RatesService);
    await rates.rate('EUR');
    await clock.advance(330_000);
    expect(await rates.rate('EUR')).toBe('EUR 2');
    await module.close();
  });
});
