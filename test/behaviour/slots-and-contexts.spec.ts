import { AsyncLocalStorage } from 'node:async_hooks';
import { expect, it } from '@jest/globals';
import { ReentrantLoadError } from '../../lib/index.js';
import { Busiest } from '../support/busiest.js';
import { Source, settle } from '../support/source.js';
import { onEveryTopology } from '../support/topology.js';

onEveryTopology('a load that waits for its turn', (build) => {
  const tenant = new AsyncLocalStorage<string>();

  it('runs in the context of its caller, not of the load that made room', async () => {
    const { cache } = await build({ loads: 1, keyContext: () => tenant.getStore() });
    const load = async () => {
      const seen = tenant.getStore();
      await settle();
      return `data of ${seen}`;
    };
    const read = (name: string) => tenant.run(name, () => cache.getOrSet('me', load));
    expect(await Promise.all([read('acme'), read('umbrella')])).toEqual(['data of acme', 'data of umbrella']);
  });

  it('runs in the context of its caller also when an abort made room', async () => {
    const { cache } = await build({ loads: 1 });
    const leaving = new AbortController();
    const source = new Source<string>();
    const busy = cache.getOrSet('busy', source.load, { signal: leaving.signal });
    const waiting = tenant.run('acme', () => cache.getOrSet('me', () => `data of ${tenant.getStore()}`));
    await settle();
    tenant.run('aborter', () => leaving.abort(new Error('left')));
    await expect(busy).rejects.toThrow('left');
    expect(await waiting).toBe('data of acme');
  });

  it('is let through by a load that comes to wait for it', async () => {
    const { cache } = await build({ loads: 2, timeout: false });
    const settings = () => cache.getOrSet('settings', () => settle().then(() => 1));
    const page = (index: number) => cache.getOrSet(`page ${index}`, () => settle().then(settings));
    const reads = [page(0), page(1), settings(), page(2)];
    expect(await Promise.all(reads)).toEqual([1, 1, 1, 1]);
  });

  it('is let through by any of several that wait for it', async () => {
    const { cache } = await build({ loads: 1, timeout: false });
    const y = () => cache.getOrSet('y', () => settle().then(() => 1));
    const x = () => cache.getOrSet('x', () => settle().then(y));
    expect(await cache.getOrSet('o', () => Promise.all([x(), y()]))).toEqual([1, 1]);
  });

  it('is let through by one that waits for it through another cache', async () => {
    const users = (await build({ loads: 1, timeout: false })).cache;
    const catalog = (await build({ loads: 1, timeout: false })).cache;
    const read = (index: number) =>
      catalog.getOrSet(`outer ${index}`, () =>
        users.getOrSet(`middle ${index}`, async () => {
          await settle();
          return catalog.getOrSet(`inner ${index}`, () => 1);
        }),
      );
    expect(await Promise.all(Array.from({ length: 6 }, (_, index) => read(index)))).toEqual(Array(6).fill(1));
  });

  it('does not run on a slot whose owner has ended: what was left behind keeps it', async () => {
    const { cache } = await build({ loads: 1 });
    const source = new Busiest();
    const left: Promise<number>[] = [];
    await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        cache.getOrSet(`outer ${index}`, () => {
          left.push(cache.getOrSet(`left behind ${index}`, source.load));
          return 1;
        }),
      ),
    );
    await Promise.all(left);
    expect(source.most).toBe(1);
  });
});

onEveryTopology('work that a load leaves behind', (build) => {
  it('may load on its own once the load is over, without a chain that grows', async () => {
    const { cache } = await build();
    let again: Promise<unknown> = Promise.resolve();
    let rounds = 0;
    const poll = (): number => {
      rounds++;
      if (rounds < 2_000) again = again.then(settleShortly).then(() => cache.getOrSet('poll', poll, { force: true }));
      return rounds;
    };
    const settleShortly = (): Promise<void> => Promise.resolve();
    await cache.getOrSet('poll', poll);
    for (let last: Promise<unknown> | undefined; last !== again; ) {
      last = again;
      await last;
    }
    expect(rounds).toBe(2_000);
  });

  it('is no longer waited for by a load that was aborted there, and may then read what that load loads', async () => {
    const { cache } = await build();
    const source = new Source<string>();
    const leaving = new AbortController();
    let inner: Promise<string> | undefined;
    const outer = cache.getOrSet('a', async () => {
      inner = cache.getOrSet('b', async () => {
        await source.load(undefined as never);
        return cache.getOrSet('a', () => 'never asked for');
      });
      const impatient = cache.getOrSet('b', () => 'never asked for', { signal: leaving.signal });
      inner.catch(() => undefined);
      await settle();
      leaving.abort(new Error('too slow'));
      await impatient.catch(() => undefined);
      return 'a without b';
    });
    expect(await outer).toBe('a without b');
    await settle();
    source.answer('go on');
    expect(await inner).toBe('a without b');
  });
});

onEveryTopology('circles and slots', (build) => {
  it('a circle is seen although one of its loads had to wait for its turn', async () => {
    const { cache } = await build({ loads: 1, timeout: false });
    const never = () => new Promise<string>(() => undefined);
    const x = cache.getOrSet('x', () => settle().then(() => cache.getOrSet('z', never)));
    const z = cache.getOrSet('z', () => cache.getOrSet('x', never));
    await expect(x).rejects.toThrow(ReentrantLoadError);
    await expect(z).rejects.toThrow(ReentrantLoadError);
  });

  it('a load that is over is part of no circle, and lends nothing', async () => {
    const { cache } = await build({ loads: 1 });
    let go: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (go = resolve));
    let inner: Promise<number> | undefined;
    const outer = cache.getOrSet('a', () => {
      inner = cache.getOrSet('b', () => gate.then(() => cache.getOrSet('a', () => 1)));
      inner.catch(() => undefined);
      throw new Error('given up');
    });
    await expect(outer).rejects.toThrow('given up');
    go();
    expect(await inner).toBe(1);
  });

  it('a load of another cache is let through by who has joined the one that waits for it', async () => {
    const a = (await build({ loads: 1, timeout: false })).cache;
    const b = (await build({ timeout: false })).cache;
    const z = () =>
      b.getOrSet('z', () =>
        settle()
          .then(settle)
          .then(() => a.getOrSet('y', () => 'y')),
      );
    const direct = z();
    const through = a.getOrSet('x', z);
    expect(await Promise.all([direct, through])).toEqual(['y', 'y']);
  });

  it('a slot goes back to a load that waits no longer for the one that runs on it', async () => {
    const { cache } = await build({ loads: 1, timeout: false });
    const source = new Source<string>();
    const leaving = new AbortController();
    const outsider: Promise<string>[] = [];
    const r = cache.getOrSet('r', async () => {
      const impatient = cache.getOrSet('b', source.load, { signal: leaving.signal });
      outsider.push(cache.getOrSet('b', source.load));
      await settle();
      leaving.abort(new Error('left'));
      await impatient.catch(() => undefined);
      return cache.getOrSet('q', () => 'q');
    });
    await settle();
    await settle();
    source.answer('b');
    expect(await r).toBe('q');
    expect(await outsider[0]).toBe('b');
    const later = [cache.getOrSet('m', source.load), cache.getOrSet('n', source.load)];
    await settle();
    expect(source.loads).toBe(2);
    source.answer('m');
    await settle();
    source.answer('n');
    expect(await Promise.all(later)).toEqual(['m', 'n']);
  });
});

onEveryTopology('a load that no longer waits for another', (build) => {
  const never = () => new Promise<string>(() => undefined);

  it('has its slot for itself again: the other may come to wait for it', async () => {
    const { cache } = await build({ loads: 1, timeout: false });
    const leaving = new AbortController();
    const [bGoesOn, rGoesOn] = [new Source<void>(), new Source<void>()];
    const r = cache.getOrSet('r', async () => {
      const b = async () => {
        await bGoesOn.load(undefined as never);
        return `${await cache.getOrSet('r', never)}!`;
      };
      await cache.getOrSet('b', b, { signal: leaving.signal }).catch(() => undefined);
      await rGoesOn.load(undefined as never);
      return cache.getOrSet('q', () => 'q');
    });
    await settle();
    const outsider = cache.getOrSet('b', never);
    leaving.abort(new Error('left'));
    await settle();
    bGoesOn.answer(undefined);
    await settle();
    rGoesOn.answer(undefined);
    expect(await r).toBe('q');
    expect(await outsider).toBe('q!');
  });

  it('lends its slot no more to one that hoped for it', async () => {
    const { cache } = await build({ loads: 1, timeout: false });
    const leaving = new AbortController();
    const [b, rGoesOn] = [new Source<string>(), new Source<void>()];
    const begun: string[] = [];
    const r = cache.getOrSet('r', async () => {
      const rides = cache.getOrSet('b', b.load);
      const hopes = cache.getOrSet('c', () => (begun.push('c'), 'c'), { signal: leaving.signal });
      await hopes.catch(() => undefined);
      await rides;
      await rGoesOn.load(undefined as never);
      return begun.join();
    });
    await settle();
    const outsider = cache.getOrSet('c', never);
    leaving.abort(new Error('left'));
    await settle();
    b.answer('b');
    await settle();
    rGoesOn.answer(undefined);
    expect(await r).toBe('');
    expect(await outsider).toBe('c');
  });
});
