import { describe, expect, it } from '@jest/globals';
import { twoCaches } from '../../support/cluster.js';
import { Source } from '../../support/source.js';

describe('An outage of Redis is none of the source: what memory holds is served, and refreshed behind,', () => {
  it.each(['before', 'after'])('when the last message comes %s the connection for data breaks', async (words) => {
    const { cluster, a, b } = await twoCaches({ ttl: '1h' });
    await a.cache.set('k', 'old');
    await cluster.settle();
    a.link.keepMessages();
    await b.cache.delete('one');
    await cluster.clock.advance(10);
    await a.cache.get('another');
    if (words === 'before') a.link.deliver();
    a.link.cut('data');
    await cluster.settle();
    a.link.deliver();
    await cluster.clock.advance(3_000);
    cluster.server.restart(`${'c'.repeat(40)}:${'d'.repeat(40)}`);
    a.link.restore();
    await cluster.clock.advance(1_000);
    const source = new Source<string>();
    const read = a.cache.getOrSet('k', source.load);
    await cluster.settle();
    source.answer('new');
    expect(await read).toBe('old');
  });
});
