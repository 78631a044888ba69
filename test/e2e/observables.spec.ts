import { Injectable } from '@nestjs/common';
import { EMPTY, firstValueFrom, lastValueFrom, NEVER, Observable, of, Subject, take, throwError, toArray } from 'rxjs';
import { describe, expect, it } from '@jest/globals';
import { Cached, type CachedOptions, CacheService } from '../../lib/index.js';
import { start } from '../support/applications.js';
import { settle } from '../support/source.js';

/** An application with one method that returns Observables made by this. */
async function startWith(make: (subscription: number) => Observable<unknown>, options: CachedOptions = {}) {
  @Injectable()
  class Prices {
    calls = 0;

    @Cached(options)
    watch(_item?: string): Observable<unknown> {
      return make(++this.calls);
    }
  }
  const started = await start({ providers: [Prices] });
  return { ...started, prices: started.app.get(Prices), cache: started.app.get(CacheService) };
}

const PASSED_ON =
  'Prices.watch is not cached any more: its Observable does not emit one value and complete. Remove @Cached.';

/** What a subscriber hears, until now. */
function hear(source: Observable<unknown>) {
  const heard: unknown[] = [];
  const subscription = source.subscribe({
    next: (value) => heard.push(value),
    error: (error: unknown) => heard.push(error),
    complete: () => heard.push('end'),
  });
  return { heard, subscription };
}

describe('A cached method that is declared to return an Observable', () => {
  it('returns one, whose subscription is the read', async () => {
    const { prices } = await startWith((call) => of(call));
    const price = prices.watch();
    expect(price).toBeInstanceOf(Observable);
    expect(prices.calls).toBe(0);
    expect(await firstValueFrom(price)).toBe(1);
    expect(prices.calls).toBe(1);
  });

  it('emits the cached value and completes, to every subscriber', async () => {
    const { prices } = await startWith((call) => of(call));
    const price = prices.watch();
    expect(await lastValueFrom(price.pipe(toArray()))).toEqual([1]);
    expect(await lastValueFrom(price.pipe(toArray()))).toEqual([1]);
    expect(await lastValueFrom(prices.watch().pipe(toArray()))).toEqual([1]);
    expect(prices.calls).toBe(1);
  });

  it('reads anew when it is subscribed to anew', async () => {
    const { prices, cache } = await startWith((call) => of(call));
    const price = prices.watch();
    await lastValueFrom(price);
    await cache.clear();
    expect(await lastValueFrom(price)).toBe(2);
  });

  it('loads once for many who subscribe at once', async () => {
    const values = new Subject<number>();
    const { prices } = await startWith(() => values);
    const heard = [1, 2, 3].map(() => hear(prices.watch()));
    await settle();
    values.next(7);
    values.complete();
    await settle();
    expect(heard.map((one) => one.heard)).toEqual([
      [7, 'end'],
      [7, 'end'],
      [7, 'end'],
    ]);
    expect(prices.calls).toBe(1);
  });

  it('goes by its key', async () => {
    const { prices } = await startWith((call) => of(call), { key: (item: string) => item.toLowerCase() });
    expect(await Promise.all(['A', 'a', 'b'].map((item) => firstValueFrom(prices.watch(item))))).toEqual([1, 1, 2]);
  });

  it('hands on the very error of its source, and loads again', async () => {
    const failure = new Error('down');
    const { prices, logger } = await startWith((call) => (call === 1 ? throwError(() => failure) : of(call)));
    await expect(firstValueFrom(prices.watch())).rejects.toBe(failure);
    expect(await firstValueFrom(prices.watch())).toBe(2);
    expect(logger.of('warn')).toEqual([]);
  });

  it('hands on what it throws before there is an Observable', async () => {
    const failure = new Error('down');
    const { prices } = await startWith(() => {
      throw failure;
    });
    await expect(firstValueFrom(prices.watch())).rejects.toBe(failure);
  });
});

describe('An Observable', () => {
  it('of no value passes through, with one warning', async () => {
    const { prices, logger } = await startWith(() => EMPTY);
    for (let time = 0; time < 3; time++) expect(await lastValueFrom(prices.watch().pipe(toArray()))).toEqual([]);
    expect(prices.calls).toBe(3);
    expect(logger.of('warn')).toEqual([PASSED_ON]);
  });

  it('of several values passes through, with one warning', async () => {
    const { prices, logger } = await startWith((call) => of(call, 'b', 'c'));
    expect(await lastValueFrom(prices.watch().pipe(toArray()))).toEqual([1, 'b', 'c']);
    expect(await lastValueFrom(prices.watch().pipe(toArray()))).toEqual([2, 'b', 'c']);
    expect(logger.of('warn')).toEqual([PASSED_ON]);
  });

  it('of several values gives each of many subscribers its own', async () => {
    const { prices } = await startWith((call) => of(call, 'b'));
    const all = await Promise.all([1, 2, 3].map(() => lastValueFrom(prices.watch().pipe(toArray()))));
    expect(all).toEqual([
      [1, 'b'],
      [2, 'b'],
      [3, 'b'],
    ]);
  });

  it('that fails after a value passes both on', async () => {
    const failure = new Error('down');
    const failing = new Observable((reader) => {
      reader.next('a');
      reader.error(failure);
    });
    const { prices } = await startWith(() => failing);
    const { heard } = hear(prices.watch());
    await settle();
    expect(heard).toEqual(['a', failure]);
  });

  it('that does not end after its first value is passed on as it comes, a little later', async () => {
    const values = new Subject<unknown>();
    const { prices, clock, logger } = await startWith(() => values);
    const { heard } = hear(prices.watch());
    await settle();
    values.next('a');
    await clock.advance(1_000);
    expect(heard).toEqual(['a']);
    values.next('b');
    values.complete();
    expect(heard).toEqual(['a', 'b', 'end']);
    expect(logger.of('warn')).toEqual([PASSED_ON]);
  });

  it('that does not end answers firstValueFrom, and is left then', async () => {
    const values = new Subject<unknown>();
    const { prices, clock } = await startWith(() => values);
    const first = firstValueFrom(prices.watch());
    await settle();
    values.next('a');
    await clock.advance(1_000);
    expect(await first).toBe('a');
    expect(values.observed).toBe(false);
  });

  it('of one value answers take(1), and is cached', async () => {
    const { prices } = await startWith((call) => of(call));
    expect(await lastValueFrom(prices.watch().pipe(take(1)))).toBe(1);
    expect(await lastValueFrom(prices.watch().pipe(take(1)))).toBe(1);
  });

  it('that is left before its value came tells nothing more to who left, and is cached for others', async () => {
    const values = new Subject<unknown>();
    const { prices } = await startWith(() => values);
    const { heard, subscription } = hear(prices.watch());
    await settle();
    subscription.unsubscribe();
    values.next('a');
    values.complete();
    await settle();
    expect(heard).toEqual([]);
    expect(await firstValueFrom(prices.watch())).toBe('a');
    expect(prices.calls).toBe(1);
  });

  it('that is left while it goes on is left by the cache too', async () => {
    const values = new Subject<unknown>();
    const { prices } = await startWith(() => values);
    const { subscription } = hear(prices.watch());
    await settle();
    values.next('a');
    values.next('b');
    await settle();
    subscription.unsubscribe();
    expect(values.observed).toBe(false);
  });

  it('that never emits is left when the load’s time is up', async () => {
    const values = new Subject<unknown>();
    const { prices, clock } = await startWith(() => values, { timeout: '1s' });
    const { heard } = hear(prices.watch());
    await clock.advance(1_000);
    expect(heard).toEqual([expect.objectContaining({ name: 'LoadTimeoutError' })]);
    expect(values.observed).toBe(false);
  });

  it('is not held back where the cache is switched off', async () => {
    const values = new Subject<unknown>();
    class Prices {
      @Cached()
      watch(): Observable<unknown> {
        return values;
      }
    }
    const { app, logger } = await start({ providers: [Prices] }, { enabled: false });
    const { heard } = hear(app.get(Prices).watch());
    await settle();
    values.next('a');
    await settle();
    values.next('b');
    expect(heard).toEqual(['a', 'b']);
    expect(logger.of('warn')).toEqual([]);
  });

  it('without a cache is what the method returned', () => {
    class Prices {
      @Cached()
      watch(): Observable<unknown> {
        return NEVER;
      }
    }
    expect(new Prices().watch()).toBe(NEVER);
  });
});

describe('A cached method that returns an Observable without declaring it', () => {
  it('gives its callers a promise of the value, and warns once', async () => {
    @Injectable()
    class Prices {
      calls = 0;

      @Cached()
      watch() {
        return of(++this.calls);
      }
    }
    const { app, logger } = await start({ providers: [Prices] });
    const prices = app.get(Prices);
    expect(await (prices.watch() as unknown as Promise<number>)).toBe(1);
    expect(await (prices.watch() as unknown as Promise<number>)).toBe(1);
    expect(logger.of('warn')).toEqual([
      'Prices.watch returns an Observable; its callers get a promise. Write its return type as Observable<…>, imported as a value, for one.',
    ]);
  });
});
