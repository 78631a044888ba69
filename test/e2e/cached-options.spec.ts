import { Injectable } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { Cached, type CachedOptions, CacheService, CacheTags, type TagFunction } from '../../lib/index.js';
import { start, type StartedWithCache } from '../support/applications.js';

interface Page {
  id: string;
  load: number;
}

/** An application with one method under these options and tags, and the means to call it. */
async function startWith(options: CachedOptions, ...tags: (string | TagFunction)[]) {
  @Injectable()
  class Pages {
    readonly site = 'wiki';
    loads = 0;

    @Cached(options)
    @CacheTags(...tags)
    find(id: string, ..._rest: unknown[]): Promise<Page> {
      return Promise.resolve({ id, load: ++this.loads });
    }
  }
  const started: StartedWithCache = await start({ providers: [Pages] });
  const pages = started.app.get(Pages);
  return { ...started, pages, cache: started.app.get(CacheService), Pages };
}

const boom = (): never => {
  throw new Error('boom');
};

describe('key()', () => {
  it('decides alone which calls share a value', async () => {
    const { pages } = await startWith({ key: (id: string) => id.toLowerCase() });
    expect(await pages.find('A', 1)).toEqual({ id: 'A', load: 1 });
    expect(await pages.find('a', 2)).toEqual({ id: 'A', load: 1 });
    expect(await pages.find('b')).toEqual({ id: 'b', load: 2 });
  });

  it('is called on the instance, with the arguments', async () => {
    const seen: unknown[] = [];
    const { pages } = await startWith({
      key(this: unknown, ...args: unknown[]) {
        seen.push(this, ...args);
        return 'a';
      },
    });
    await pages.find('1', 2);
    expect(seen).toEqual([pages, '1', 2]);
  });

  it.each([
    ['several parts', ['a', 'b'], 'a,b'],
    ['a number', 1, '1'],
    ['a list of one', ['a'], 'a'],
    ['false', false, 'false'],
  ])('that makes %s does not share with one that looks alike', async (_, one, other) => {
    const { pages } = await startWith({ key: (id: string) => (id === 'one' ? one : other) });
    expect(await pages.find('one')).toEqual({ id: 'one', load: 1 });
    expect(await pages.find('other')).toEqual({ id: 'other', load: 2 });
    expect(await pages.find('one')).toEqual({ id: 'one', load: 1 });
  });

  it.each([[undefined], [null], [''], [Promise.resolve('a')], [() => 1]])(
    'that makes %p lets the call run uncached',
    async (made) => {
      const { pages, logger, cache } = await startWith({ key: () => made as never });
      expect([(await pages.find('1')).load, (await pages.find('1')).load]).toEqual([1, 2]);
      expect(cache.stats().entries).toBe(0);
      expect(logger.of('error')).toEqual([
        expect.stringMatching(/^cache 'default': Pages\.find ran uncached, because key\(\) failed: /),
      ]);
    },
  );
});

describe('when()', () => {
  it('false calls through, and stores nothing', async () => {
    const { pages, heard } = await startWith({ when: (id: string) => id !== 'draft' });
    expect([(await pages.find('draft')).load, (await pages.find('draft')).load]).toEqual([1, 2]);
    expect([(await pages.find('a')).load, (await pages.find('a')).load]).toEqual([3, 3]);
    expect(heard.of('bypass')).toEqual([
      ['Pages.find', 'when'],
      ['Pages.find', 'when'],
    ]);
  });

  it('is asked at every call, also of what is cached, on the instance', async () => {
    let isOn = true;
    const { pages } = await startWith({
      when(this: { site: string }) {
        return isOn && this.site === 'wiki';
      },
    });
    await pages.find('a');
    isOn = false;
    expect((await pages.find('a')).load).toBe(2);
    isOn = true;
    expect((await pages.find('a')).load).toBe(1);
  });
});

describe('shouldCache()', () => {
  it('false keeps a result from being stored', async () => {
    const { pages } = await startWith({ shouldCache: (page: Page, id: string) => page.load > 1 && id === 'a' });
    expect([(await pages.find('a')).load, (await pages.find('a')).load, (await pages.find('a')).load]).toEqual([
      1, 2, 2,
    ]);
  });
});

describe('adapt()', () => {
  it('decides from the result how long it is kept', async () => {
    const { pages, clock } = await startWith({
      ttl: '1m',
      adapt: (page: Page) => ({ ttl: page.id === 'a' ? 10 : '1h' }),
    });
    await Promise.all([pages.find('a'), pages.find('b')]);
    await clock.advance(60_000);
    await Promise.all([pages.find('a'), pages.find('b')]);
    expect(pages.loads).toBe(3);
  });

  it('adds tags to those of the other decorators', async () => {
    const { pages, cache } = await startWith(
      { adapt: (page: Page) => ({ tags: [`result:${page.id}`] }) },
      'pages',
      (id: string) => `page:${id}`,
    );
    for (const tag of ['pages', 'page:a', 'result:a']) {
      const { load } = await pages.find('a');
      await cache.invalidateTags(tag);
      expect((await pages.find('a')).load).toBe(load + 1);
    }
  });

  it('may return undefined', async () => {
    const { pages, logger } = await startWith({ adapt: () => undefined });
    expect([(await pages.find('a')).load, (await pages.find('a')).load]).toEqual([1, 1]);
    expect(logger.of('error')).toEqual([]);
  });

  it('that returns a bad option leaves the result unstored, and says so', async () => {
    const { pages, logger } = await startWith({ adapt: () => ({ ttl: 'soon' as never }) });
    expect([(await pages.find('a')).load, (await pages.find('a')).load]).toEqual([1, 2]);
    expect(logger.of('error')).toEqual([
      expect.stringContaining(
        'the result of Pages.find was not stored, because adapt() failed: it returned a bad option: ttl',
      ),
    ]);
  });
});

describe('type', () => {
  it('is idle in memory', async () => {
    class Model {}
    const { pages } = await startWith({ type: Model });
    expect(await pages.find('a')).toEqual(await pages.find('a'));
  });
});

describe('A function that throws', () => {
  const ranUncached = 'Pages.find ran uncached';
  const notStored = 'the result of Pages.find was not stored';

  it.each<[string, CachedOptions, string, TagFunction | undefined]>([
    ['key()', { key: boom }, ranUncached, undefined],
    ['when()', { when: boom }, ranUncached, undefined],
    ['shouldCache()', { shouldCache: boom }, notStored, undefined],
    ['adapt()', { adapt: boom }, notStored, undefined],
    ['the tag function', {}, ranUncached, boom],
  ])('as %s lets every call run once, uncached, with one line in the log', async (which, options, consequence, tag) => {
    const { pages, cache, logger } = await startWith(options, ...(tag === undefined ? [] : [tag]));
    expect([(await pages.find('1')).load, (await pages.find('1')).load, (await pages.find('1')).load]).toEqual([
      1, 2, 3,
    ]);
    expect(cache.stats().entries).toBe(0);
    expect(logger.of('error')).toEqual([`cache 'default': ${consequence}, because ${which} failed: boom`]);
  });

  it('says so again after a minute, with how often it did not', async () => {
    const { pages, clock, logger } = await startWith({ key: boom });
    await Promise.all([pages.find('1'), pages.find('2'), pages.find('3')]);
    await clock.advance(60_000);
    await pages.find('4');
    expect(logger.of('error')[1]).toBe(
      "cache 'default': Pages.find ran uncached, because key() failed: boom (and 2 more since the last line)",
    );
  });

  it('does not hide what the method throws', async () => {
    const failure = new Error('down');
    @Injectable()
    class Broken {
      @Cached({ key: boom })
      find(): Promise<never> {
        return Promise.reject(failure);
      }
    }
    const { app } = await start({ providers: [Broken] });
    await expect(app.get(Broken).find()).rejects.toBe(failure);
  });
});

describe('A tag function of @CacheTags', () => {
  it.each<[string, unknown, readonly string[]]>([
    ['one tag', 'a', ['a']],
    ['several', ['a', 'b'], ['a', 'b']],
    ['several, of which some twice', ['a', 'a', 'b'], ['a', 'b']],
  ])('may make %s', async (_, made, tags) => {
    const { pages, cache } = await startWith({}, () => made as string[]);
    for (const tag of tags) {
      const { load } = await pages.find('1');
      await cache.invalidateTags(tag);
      expect((await pages.find('1')).load).toBe(load + 1);
    }
  });

  it.each([[undefined], [null], [[]]])('may make %j, which is no tag', async (made) => {
    const { pages, logger } = await startWith({}, () => made);
    expect([(await pages.find('1')).load, (await pages.find('1')).load]).toEqual([1, 1]);
    expect(logger.of('error')).toEqual([]);
  });

  it.each([[''], [['a', '']], [7], [{}], [[undefined]]])('that makes %j lets the call run uncached', async (made) => {
    const { pages, logger } = await startWith({}, () => made as never);
    expect([(await pages.find('1')).load, (await pages.find('1')).load]).toEqual([1, 2]);
    expect(logger.of('error')).toEqual([
      expect.stringContaining('Pages.find ran uncached, because the tag function failed: a tag is '),
    ]);
  });

  it('is called on the instance, with the arguments', async () => {
    const seen: unknown[] = [];
    const { pages } = await startWith({}, function (this: unknown, ...args: unknown[]) {
      seen.push(this, ...args);
      return 'a';
    });
    await pages.find('1', 2);
    expect(seen).toEqual([pages, '1', 2]);
  });
});
