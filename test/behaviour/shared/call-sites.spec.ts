import { describe, expect, it } from '@jest/globals';
import { twoCaches } from '../../support/cluster.js';
import { Source } from '../../support/source.js';

class User {}

describe('A value that cannot be written', () => {
  it('is warned about once per call site, and without the tenant', async () => {
    const { a } = await twoCaches({ keyContext: () => 'S3CR3T' });
    for (let id = 0; id < 5; id++) await a.cache.set(`find(${id})`, new User());
    expect(a.warnings.join('\n')).not.toContain('S3CR3T');
    expect(a.warnings).toHaveLength(1);
  });

  it('leaves room for other warnings, whatever the keys are', async () => {
    const { a } = await twoCaches();
    for (let id = 0; id < 200; id++) await a.cache.set(`user:${id}`, new User());
    await a.cache.set('k', 1, { ttl: 5 });
    expect(a.warnings.some((warning) => warning.includes('milliseconds'))).toBe(true);
  });
});

describe('A negative error', () => {
  it('of one call does not end that loads of the others are shared', async () => {
    const { cluster, a, b } = await twoCaches({ isNegativeError: () => true });
    await expect(a.cache.getOrSet('find(1)', () => Promise.reject(new Error('not found')))).rejects.toThrow(
      'not found',
    );
    await cluster.settle();
    const source = new Source<string>();
    const reads = [b.cache.getOrSet('find(2)', source.load)];
    await cluster.settle();
    reads.push(a.cache.getOrSet('find(2)', source.load));
    await cluster.settle();
    expect(source.loads).toBe(1);
    source.answer('v');
    await cluster.settle();
    expect(await Promise.all(reads)).toEqual(['v', 'v']);
  });
});
