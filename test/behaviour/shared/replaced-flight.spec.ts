import { describe, expect, it } from '@jest/globals';
import { bucketOf } from '../../../lib/redis/keys.js';
import { Cluster } from '../../support/cluster.js';
import { Source, stateOf } from '../../support/source.js';

const BUCKETS = 2;
const [KEY, OTHER] = [0, 1].map(
  (bucket) =>
    Array.from({ length: 20 }, (_, index) => `k${index}`).find((key) => bucketOf(key, BUCKETS) === bucket) ?? '',
) as [string, string];

describe('A refresh that another took the place of', () => {
  it.each([0, 9, 18, 36])('lends nobody the old value after its key was invalidated, %i turns later', async (turns) => {
    const cluster = new Cluster({ ttl: 1_000, staleWhileRevalidate: '1h' });
    const [a, b] = [await cluster.join(), await cluster.join()];
    const [source, elsewhere] = [new Source<string>(), new Source<string>()];
    await a.cache.set(KEY, 'old');
    await cluster.clock.advance(1_000);
    // Another process holds the lease.
    expect(await b.cache.getOrSet(KEY, elsewhere.load)).toBe('old');
    await cluster.settle();
    a.link.hold('replies');
    expect(await a.cache.getOrSet(KEY, source.load)).toBe('old');
    await cluster.settle();
    // What lies in Redis is no news; who loads is told next.
    a.link.goOn();
    a.link.hold('replies');
    await cluster.settle();
    const forced = a.cache.getOrSet(KEY, source.load, { force: true });
    await cluster.settle();
    const deleted = a.cache.delete(KEY);
    a.link.goOn();
    for (let turn = 0; turn < turns; turn++) await Promise.resolve();
    const read = a.cache.getOrSet(KEY, source.load);
    await cluster.clock.advance(300);
    for (let load = 0; load < source.loads; load++) source.answer('new', load);
    await Promise.all([deleted, forced]);
    expect(await read).toBe('new');
  });
});

/** A process that waits for the load of another, and then forces one of its own, which waits in its turn. */
async function waitingTwice(signals: { first?: AbortSignal; second?: AbortSignal } = {}) {
  const cluster = new Cluster({ ttl: '1h' });
  const [a, b] = [await cluster.join(), await cluster.join()];
  const [source, elsewhere] = [new Source<string>(), new Source<string>()];
  const theirs = b.cache.getOrSet('k', elsewhere.load);
  await cluster.settle();
  const first = a.cache.getOrSet('k', source.load, signals.first === undefined ? {} : { signal: signals.first });
  await cluster.settle();
  const options = { force: true, ...(signals.second !== undefined && { signal: signals.second }) };
  const second = a.cache.getOrSet('k', source.load, options);
  await cluster.settle();
  for (const one of [first, second]) one.catch(() => undefined);
  /** The other process has loaded, so that the forced load begins. */
  const goOn = async (): Promise<void> => {
    elsewhere.answer('theirs');
    await theirs;
    await cluster.clock.advance(2_000);
  };
  return { cluster, a, source, first, second, goOn };
}

describe('A read that waits for another process when its own forces a load', () => {
  it('is answered by that load, which is one', async () => {
    const { cluster, a, source, first, second, goOn } = await waitingTwice();
    await goOn();
    expect(source.loads).toBe(1);
    source.answer('forced');
    expect(await Promise.all([first, second])).toEqual(['forced', 'forced']);
    await cluster.settle();
    expect(await a.cache.get('k')).toBe('forced');
    expect(a.heard.of('load')).toHaveLength(1);
  });

  it('fails as it does', async () => {
    const { source, first, second, goOn } = await waitingTwice();
    await goOn();
    const error = new Error('source is down');
    source.fail(error);
    await expect(first).rejects.toBe(error);
    await expect(second).rejects.toBe(error);
  });

  it('keeps it going when whoever forced it leaves', async () => {
    const leaver = new AbortController();
    const { source, first, second, goOn } = await waitingTwice({ second: leaver.signal });
    await goOn();
    leaver.abort();
    await expect(second).rejects.toThrow('aborted');
    expect(source.contexts[0]?.signal.aborted).toBe(false);
    source.answer('forced');
    expect(await first).toBe('forced');
  });

  it('ends it when both have left', async () => {
    const [one, other] = [new AbortController(), new AbortController()];
    const { source, goOn } = await waitingTwice({ first: one.signal, second: other.signal });
    await goOn();
    one.abort();
    await Promise.resolve();
    expect(source.contexts[0]?.signal.aborted).toBe(false);
    other.abort();
    expect(source.contexts[0]?.signal.aborted).toBe(true);
  });

  it('reads again when what it brings was invalidated before the read', async () => {
    const cluster = new Cluster({ ttl: '1h' });
    const [a, b] = [await cluster.join(), await cluster.join()];
    const source = new Source<string>();
    const first = a.cache.getOrSet('k', source.load, { force: true });
    await cluster.settle();
    await b.cache.delete('k');
    await cluster.settle();
    const read = a.cache.getOrSet('k', source.load);
    await cluster.settle();
    const forced = a.cache.getOrSet('k', source.load, { force: true });
    await cluster.clock.advance(500);
    source.answer('old', 0);
    for (let load = 1; load < source.loads; load++) source.answer('new', load);
    expect(await Promise.all([first, read, forced])).toEqual(['old', 'new', 'new']);
  });
});

describe('A read that was replaced while it asked Redis', () => {
  it.each(['stands aside', 'wins'] as const)(
    'is answered, and there is one load at a time, when it %s',
    async (how) => {
      const cluster = new Cluster({ ttl: '1h' });
      const [a, b] = [await cluster.join(), await cluster.join()];
      const [source, elsewhere] = [new Source<string>(), new Source<string>()];
      const theirs = how === 'wins' ? undefined : b.cache.getOrSet('k', elsewhere.load);
      await cluster.settle();
      a.link.hold('replies');
      const first = a.cache.getOrSet('k', source.load);
      await cluster.settle();
      a.link.goOn();
      a.link.hold('replies');
      await cluster.settle();
      const second = a.cache.getOrSet('k', source.load, { force: true });
      await cluster.settle();
      a.link.goOn();
      await cluster.settle();
      elsewhere.answer('theirs');
      await theirs;
      await cluster.clock.advance(2_000);
      expect(await stateOf(second)).toBe('pending');
      for (let load = 0; load < source.loads; load++) source.answer('new', load);
      expect(await Promise.all([first, second])).toEqual(['new', 'new']);
      expect(source.loads).toBe(how === 'wins' ? 2 : 1);
    },
  );
});

describe('A load', () => {
  it('is joined, and stored, though something was missed of another bucket', async () => {
    const cluster = new Cluster({ ttl: 1_000 }, BUCKETS);
    const [a, b] = [await cluster.join(), await cluster.join()];
    const source = new Source<string>();
    const first = a.cache.getOrSet(KEY, source.load);
    await cluster.settle();
    a.links[1]?.cut('channel');
    await b.cache.delete(OTHER);
    await cluster.settle();
    a.links[1]?.restore();
    await cluster.settle();
    const second = a.cache.getOrSet(KEY, source.load);
    await cluster.settle();
    source.answer('old', 0);
    await cluster.clock.advance(300);
    for (let load = 0; load < source.loads; load++) source.answer('new', load);
    await Promise.all([first, second]);
    expect(source.loads).toBe(1);
  });
});
