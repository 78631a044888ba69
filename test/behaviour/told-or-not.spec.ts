import { expect, it } from '@jest/globals';
import { ReentrantLoadError } from '../../lib/index.js';
import { Source, settle } from '../support/source.js';
import { onEveryTopology } from '../support/topology.js';

onEveryTopology('a failure', (build) => {
  const failure = new Error('source is down');

  it('of a forced load is told to its caller alone, not as an event', async () => {
    const { cache, heard } = await build({ staleIfError: '1h' });
    await cache.set('a', 'old');
    await expect(cache.getOrSet('a', () => Promise.reject(failure), { force: true })).rejects.toBe(failure);
    expect(heard.of('error')).toEqual([]);
  });

  it('is told once as an event, however many were given the old value instead', async () => {
    const { cache, clock, heard } = await build({ ttl: 1_000, staleIfError: '1h' });
    const source = new Source<string>();
    await cache.set('a', 'old');
    await clock.advance(1_000);
    const reads = Array.from({ length: 20 }, () => cache.getOrSet('a', source.load));
    await settle();
    source.fail(failure);
    await Promise.all(reads);
    expect(heard.of('error')).toEqual([['load', failure]]);
  });

  it('after the soft timeout, of which no caller hears, is told as an event', async () => {
    const { cache, clock, heard } = await build({ ttl: 1_000, staleIfError: '1h', softTimeout: 200 });
    const source = new Source<string>();
    await cache.set('a', 'old');
    await clock.advance(1_000);
    const read = cache.getOrSet('a', source.load);
    await clock.advance(200);
    expect(await read).toBe('old');
    source.fail(failure);
    await settle();
    expect(heard.of('error')).toEqual([['load', failure]]);
  });
});

onEveryTopology('what nobody was told', (build) => {
  it('is no event and no stale hit: a caller with an old value at hand who left was served nothing', async () => {
    const { cache, clock, heard } = await build({ ttl: 1_000, staleIfError: '1h' });
    await cache.set('a', 'old');
    await clock.advance(1_000);
    const leaving = new AbortController();
    const read = cache.getOrSet('a', new Source<string>().load, { signal: leaving.signal });
    await settle();
    leaving.abort(new Error('left'));
    await expect(read).rejects.toThrow('left');
    await settle();
    expect(heard.of('staleHit')).toEqual([]);
    expect(heard.of('error')).toEqual([]);
    expect(cache.stats()).toMatchObject({ staleHits: 0, misses: 1 });
  });

  it('is told although a hundred other warnings were: a ttl that looks like seconds is warned about once', async () => {
    let tenant: string | undefined = 'acme';
    const { cache, warnings } = await build({ keyContext: () => tenant });
    for (let ttl = 1; ttl < 300; ttl++) await cache.set('a', 1, { ttl });
    expect(warnings).toHaveLength(1);
    tenant = undefined;
    await cache.getOrSet('a', () => 1);
    expect(warnings).toHaveLength(2);
  });

  it('is warned of a hundred times at most, where the words differ each time', async () => {
    const observers = Array.from({ length: 120 }, (_, number) => ({
      miss: () => {
        throw new Error(`no ${number}`);
      },
    }));
    const { cache, warnings } = await build({ observers });
    await cache.get('a');
    expect([warnings.length, warnings.at(-1)]).toEqual([100, expect.stringContaining('no 99')]);
  });

  it('does not carry the tenant: errors name the key as its caller gave it', async () => {
    const { cache } = await build({ keyContext: () => 'S3CR3T' });
    const read = (): Promise<number> => cache.getOrSet('a', read);
    const error: Error = await read().then(
      () => new Error('it was answered'),
      (reason: Error) => reason,
    );
    expect(error).toBeInstanceOf(ReentrantLoadError);
    expect(`${error.message} ${(error as ReentrantLoadError).chain.join()}`).not.toContain('S3CR3T');
  });

  it('may be asked in an event: an observer who reads the key that is refreshed finds the refresh running', async () => {
    const own: { read?: () => Promise<unknown> } = {};
    const { cache, clock } = await build({
      ttl: 1_000,
      staleWhileRevalidate: '1h',
      observers: [{ refresh: () => void own.read?.() }],
    });
    const source = new Source<string>();
    own.read = () => cache.getOrSet('a', source.load);
    await cache.set('a', 'old');
    await clock.advance(1_500);
    expect(await cache.getOrSet('a', source.load)).toBe('old');
    await settle();
    expect(source.loads).toBe(1);
  });
});
