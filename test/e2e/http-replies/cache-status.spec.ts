import { Controller, Get, NotFoundException, Param, Res } from '@nestjs/common';
import { Observable, of } from 'rxjs';
import { expect, it } from '@jest/globals';
import { Cached } from '../../../lib/index.js';
import { onBothPlatforms, type Reply } from '../../support/http-platforms.js';
import { Source } from '../../support/source.js';

interface RawReply {
  readonly raw?: RawReply;
  hijack?(): void;
  writeHead(status: number): void;
  end(text: string): void;
}

@Controller()
class ItemsController {
  fails = false;
  calls = 0;
  readonly source = new Source<string>();

  #reply(): Promise<string> {
    this.calls++;
    return this.fails ? Promise.reject(new Error('down')) : Promise.resolve(`call ${this.calls}`);
  }

  @Get('plain/:id')
  @Cached({ ttl: '10s' })
  plain(@Param('id') _id: string) {
    return this.#reply();
  }

  @Get('stale')
  @Cached({ ttl: '10s', staleWhileRevalidate: '1m' })
  stale() {
    return this.#reply();
  }

  @Get('grace')
  @Cached({ ttl: '10s', staleIfError: '1m', retryAfter: '5s' })
  grace() {
    return this.#reply();
  }

  @Get('slow')
  @Cached({ ttl: '10s' })
  slow() {
    this.calls++;
    return this.source.load({} as never);
  }

  @Get('none')
  @Cached({ negativeTtl: '10s' })
  none(): Promise<null> {
    return Promise.resolve(null);
  }

  @Get('not-found')
  @Cached({ negativeTtl: '10s' })
  notFound(): Promise<never> {
    return Promise.reject(new NotFoundException('no such item'));
  }

  @Get('unkept/:id')
  @Cached({ shouldCache: () => false })
  unkept(@Param('id') _id: string) {
    return this.#reply();
  }

  @Get('unasked')
  @Cached({ when: () => false })
  unasked() {
    return this.#reply();
  }

  @Get('observable')
  @Cached()
  observable(): Observable<string> {
    return of('one');
  }

  @Get('sent')
  @Cached({ key: () => 'sent' })
  sent(@Res({ passthrough: true }) response: RawReply): Promise<string> {
    response.hijack?.();
    const raw = response.raw ?? response;
    raw.writeHead(200);
    raw.end('sent by hand');
    return this.#reply();
  }
}

const of3 = ({ status, cache, age }: Reply) => [status, cache, age];
const controllers = [ItemsController];

onBothPlatforms('a reply', (start) => {
  it('says that it was made and stored', async () => {
    const app = await start({ controllers });
    expect(of3(await app.ask('/plain/1'))).toEqual([200, 'layercache; fwd=miss; stored', undefined]);
  });

  it('says how long it is fresh, and how old it is', async () => {
    const app = await start({ controllers });
    await app.ask('/plain/1');
    expect(of3(await app.ask('/plain/1'))).toEqual([200, 'layercache; hit; ttl=10', '0']);
    await app.clock.advance(3_500);
    expect(of3(await app.ask('/plain/1'))).toEqual([200, 'layercache; hit; ttl=6', '3']);
    await app.clock.advance(6_499);
    expect(of3(await app.ask('/plain/1'))).toEqual([200, 'layercache; hit; ttl=0', '9']);
    await app.clock.advance(1);
    expect(of3(await app.ask('/plain/1'))).toEqual([200, 'layercache; fwd=miss; stored', undefined]);
  });

  it('that is stale says so by a ttl below 0, and is followed by a fresh one', async () => {
    const app = await start({ controllers });
    await app.ask('/stale');
    await app.clock.advance(12_000);
    const stale = await app.ask('/stale');
    expect([...of3(stale), stale.text]).toEqual([200, 'layercache; hit; ttl=-2', '12', 'call 1']);
    await app.clock.advance(0);
    const fresh = await app.ask('/stale');
    expect([...of3(fresh), fresh.text]).toEqual([200, 'layercache; hit; ttl=10', '0', 'call 2']);
  });

  it('that stands in for a failed one says that it is stale, and so do those that follow until the next attempt', async () => {
    const app = await start({ controllers });
    await app.ask('/grace');
    await app.clock.advance(15_000);
    app.get(ItemsController).fails = true;
    for (let time = 0; time < 2; time++) {
      expect(of3(await app.ask('/grace'))).toEqual([200, 'layercache; hit; ttl=-5', '15']);
    }
    expect(app.get(ItemsController).calls).toBe(2);
    app.get(ItemsController).fails = false;
    await app.clock.advance(5_000);
    expect(of3(await app.ask('/grace'))).toEqual([200, 'layercache; fwd=miss; stored', undefined]);
  });

  it('that failed with nothing to stand in for it says nothing of a hit', async () => {
    const app = await start({ controllers });
    app.get(ItemsController).fails = true;
    const { status, cache, age } = await app.ask('/plain/1');
    expect(status).toBe(500);
    expect(cache ?? '').not.toMatch(/hit|stored/);
    expect(age).toBeUndefined();
  });

  it.each([
    ['/none', 200],
    ['/not-found', 404],
  ])('of %s is remembered, and says so', async (path, status) => {
    const app = await start({ controllers });
    expect(of3(await app.ask(path))).toEqual([status, 'layercache; fwd=miss; stored', undefined]);
    await app.clock.advance(2_000);
    expect(of3(await app.ask(path))).toEqual([status, 'layercache; hit; ttl=8', '2']);
    await app.clock.advance(8_000);
    expect(of3(await app.ask(path))).toEqual([status, 'layercache; fwd=miss; stored', undefined]);
  });

  it('for each of many who ask at once says that it was made for them', async () => {
    const app = await start({ controllers });
    const items = app.get(ItemsController);
    const replies = Array.from({ length: 5 }, () => app.ask('/slow'));
    // All five have to be waiting before there is an answer: the sixth goes the same way behind them.
    while (items.source.loads === 0) await app.clock.advance(0);
    for (let turn = 0; turn < 50; turn++) await app.clock.advance(0);
    items.source.answer('slow');
    for (const reply of await Promise.all(replies)) {
      expect([reply.status, reply.text]).toEqual([200, 'slow']);
      expect(reply.cache).toMatch(/^layercache; (fwd=miss; stored|hit; ttl=10)/);
    }
    expect(items.calls).toBe(1);
  });

  it('that shouldCache() refuses says that it was not stored', async () => {
    const app = await start({ controllers });
    for (let time = 0; time < 2; time++) {
      expect(of3(await app.ask('/unkept/1'))).toEqual([200, 'layercache; fwd=miss', undefined]);
    }
  });

  it('that when() keeps from the cache says that it went past it', async () => {
    const app = await start({ controllers });
    expect(of3(await app.ask('/unasked'))).toEqual([200, 'layercache; fwd=bypass', undefined]);
  });

  it('of a disabled cache says that it went past it', async () => {
    const app = await start({ controllers, cache: { enabled: false } });
    for (let time = 0; time < 2; time++) {
      const reply = await app.ask('/plain/1');
      expect([reply.status, reply.text]).toEqual([200, `call ${time + 1}`]);
      expect(reply.cache).toBe('layercache; fwd=bypass');
    }
  });

  it('without a context of its key says that it went past the cache', async () => {
    const app = await start({ controllers, cache: { keyContext: () => undefined } });
    for (let time = 0; time < 2; time++) {
      expect(of3(await app.ask('/plain/1'))).toEqual([200, 'layercache; fwd=bypass', undefined]);
    }
  });

  it('made of an Observable says the same', async () => {
    const app = await start({ controllers });
    expect(of3(await app.ask('/observable'))).toEqual([200, 'layercache; fwd=miss; stored', undefined]);
    expect(of3(await app.ask('/observable'))).toEqual([200, 'layercache; hit; ttl=60', '0']);
  });

  it('that the handler has sent by hand arrives as it was sent', async () => {
    const app = await start({ controllers });
    const { status, text, cache } = await app.ask('/sent');
    expect([status, text, cache]).toEqual([200, 'sent by hand', undefined]);
  });

  it('never holds a key', async () => {
    const app = await start({ controllers });
    for (let time = 0; time < 2; time++) {
      const { headers } = await app.ask('/plain/secret-argument');
      expect(JSON.stringify(headers)).not.toMatch(/secret-argument|ItemsController/);
    }
  });
});
