import { describe, expect, it } from '@jest/globals';
import { Cluster, twoCaches } from '../../support/cluster.js';
import { Source } from '../../support/source.js';

describe('An outage of Redis is none of the source: what memory holds is served, and refreshed behind,', () => {
  it.each(['cut off', 'deposed', 'cut off, and deposed when it comes back'])('when Redis is %s', async (ill) => {
    const { cluster, a } = await twoCaches({ ttl: '1h' });
    await a.cache.set('k', 'old');
    await cluster.clock.advance(120_000);
    if (ill === 'deposed') cluster.server.refusal = 'READONLY no writes here';
    else a.link.cut();
    await cluster.clock.advance(3_000);
    if (ill.includes('and')) {
      cluster.server.refusal = 'READONLY no writes here';
      a.link.restore();
      await cluster.clock.advance(1_000);
    }
    const source = new Source<string>();
    const read = a.cache.getOrSet('k', source.load);
    await cluster.settle();
    source.answer('new');
    expect(await read).toBe('old');
  });

  it.each(['hears everything', 'misses a message'])('also after it, for who %s meanwhile', async (words) => {
    const { cluster, a, b } = await twoCaches({ ttl: '1h' });
    await a.cache.set('k', 'old');
    await cluster.settle();
    a.link.cut('data');
    await cluster.settle();
    if (words.startsWith('misses')) a.link.deafen();
    await b.cache.delete('one');
    await cluster.settle();
    a.link.hearAgain();
    await b.cache.delete('two');
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

describe('A Redis that never lets a process in', () => {
  it('is told of, and why', async () => {
    const { cluster, a } = await twoCaches();
    for (let number = 0; number < 200; number++) a.link.failNext('NOPERM no permission to run info', 'fence');
    await cluster.clock.advance(5_000);
    const told = [...a.warnings, ...a.heard.of('error').map(String)];
    expect(told.join('\n')).toContain('NOPERM');
  });
});

describe('A cache that is closed', () => {
  it('asks Redis nothing more, though a load of it goes on', async () => {
    const cluster = new Cluster();
    const { cache, heard } = await cluster.join();
    const source = new Source<string>();
    const read = cache.getOrSet('k', source.load, { timeout: false });
    await cluster.settle();
    await cache.close();
    await cluster.clock.advance(5_000);
    expect(cluster.clock.pending).toBe(0);
    expect(heard.of('error')).toEqual([]);
    source.answer('v');
    expect(await read).toBe('v');
  });
});
