import { describe, expect, it } from '@jest/globals';
import { bucketOf } from '../../../lib/redis/keys.js';
import { Cluster } from '../../support/cluster.js';
import { Source } from '../../support/source.js';

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
