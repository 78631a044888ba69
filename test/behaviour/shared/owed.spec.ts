import { describe, expect, it } from '@jest/globals';
import { InvalidationPendingError } from '../../../lib/index.js';
import { twoCaches } from '../../support/cluster.js';

describe('Invalidations that Redis was not told of', () => {
  it('are told, however many there are, also if one succeeds in the end before they are', async () => {
    const { cluster, a, b } = await twoCaches({ ttl: '1h' });
    await b.cache.set('owed 0', 'old');
    cluster.server.refusal = 'MISCONF no disk';
    for (let number = 0; number < 10_000; number++) {
      await expect(a.cache.delete(`owed ${number}`)).rejects.toThrow(InvalidationPendingError);
    }
    cluster.server.refusal = undefined;
    await a.cache.delete('another');
    await cluster.clock.advance(10_000);
    expect(await b.cache.get('owed 0')).toBeUndefined();
    expect(await (await cluster.join()).cache.get('owed 0')).toBeUndefined();
  });

  it.each([
    ['a delete', 'delete'],
    ['a set', 'set'],
  ] as const)('succeed where Redis comes back in time: %s', async (_words, verb) => {
    const { cluster, a, b } = await twoCaches({ ttl: '1h' });
    await b.cache.set('k', 'old');
    await cluster.settle();
    a.link.cut();
    await cluster.settle();
    const told = (verb === 'set' ? a.cache.set('k', 'new') : a.cache.delete('k')).then(
      () => 'told',
      () => 'pending',
    );
    await cluster.clock.advance(20);
    a.link.restore();
    await cluster.clock.advance(1_000);
    expect(await told).toBe('told');
    expect(await b.cache.get('k')).not.toBe('old');
  });
});
