import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { firstValueFrom, Observable, of, Subject } from 'rxjs';
import { describe, expect, it } from '@jest/globals';
import { Cached } from '../../lib/index.js';
import { start } from '../support/applications.js';
import { settle } from '../support/source.js';

describe('What turns out to have one reader only, while its caller was served an old value,', () => {
  it('is left, where it is an Observable that goes on', async () => {
    const values = new Subject<number>();
    const sources = [of(1), values];
    @Injectable()
    class Prices {
      @Cached({ staleWhileRevalidate: '1h' })
      watch(): Observable<number> {
        return sources.shift() ?? of(0);
      }
    }
    const { app, clock } = await start({ providers: [Prices] });
    const prices = app.get(Prices);
    await firstValueFrom(prices.watch());
    await clock.advance(60_000);
    expect(await firstValueFrom(prices.watch())).toBe(1);
    values.next(2);
    values.next(3);
    await settle();
    expect(values.observed).toBe(false);
  });

  it('is destroyed, where it is a stream', async () => {
    const stream = Readable.from(['a']);
    const files: unknown[] = ['text', stream];
    @Injectable()
    class Files {
      @Cached({ staleWhileRevalidate: '1h' })
      read(): Promise<unknown> {
        return Promise.resolve(files.shift());
      }
    }
    const { app, clock } = await start({ providers: [Files] });
    await app.get(Files).read();
    await clock.advance(60_000);
    expect(await app.get(Files).read()).toBe('text');
    await settle();
    expect(stream.destroyed).toBe(true);
  });
});
