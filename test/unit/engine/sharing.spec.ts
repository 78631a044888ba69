import { describe, expect, it } from '@jest/globals';
import type { StoreOutcome } from '../../../lib/tiers/shared-tier.js';
import { settle, stateOf } from '../../support/source.js';
import { entryOf, requestOf, SharingWorld } from './sharing-world.js';
import { StubFarTier, StubLease } from './stub-tier.js';

const LOADED = entryOf({ value: 'loaded', tags: ['t', 'of the result'] });

/** The world's clock stands at 10,000. */
const COPY = { bytes: Buffer.from('bytes'), freshUntil: 12_000 };

/** What is owed to the others is over. */
async function isSettled({ drain }: SharingWorld): Promise<boolean> {
  return (await stateOf(drain.close())) === 'fulfilled';
}

describe('What a load brought', () => {
  it('is given to the others with all that they may know of it', async () => {
    class Price {}
    const { sharing } = new SharingWorld();
    const lease = new StubLease();
    const terms = { staleWhileRevalidate: 30, staleIfError: 40, refreshAhead: 0.5 };
    const life = { born: 9_000, freshUntil: 9_500, loadMs: 20 };
    const [value, tags] = ['loaded', ['t', 'of the result']];
    sharing.store(lease, entryOf({ value, tags, terms, ...life }), requestOf({ type: Price }));
    await settle();
    expect(lease.stored).toEqual([
      {
        value: { value, tags, ...life, staleWhileRevalidate: 30, staleIfError: 40 },
        type: Price,
      },
    ]);
  });

  it('is given to the others after those who wait for it here', async () => {
    const { sharing } = new SharingWorld();
    const lease = new StubLease();
    const order: string[] = [];
    const landing = Promise.resolve().then(() => order.push(`waiter, ${lease.stored.length} stored`));
    sharing.store(lease, LOADED, requestOf());
    await landing;
    await settle();
    expect([...order, `${lease.stored.length} stored`]).toEqual(['waiter, 0 stored', '1 stored']);
  });

  it.each([
    ['its key', { kind: 'key', key: 'k' }],
    ['a tag known only from it', { kind: 'tag', tag: 'of the result' }],
    ['everything', { kind: 'all' }],
  ] as const)('is not while it is owed to tell of an invalidation of %s', async (_words, target) => {
    const { journal, sharing } = new SharingWorld();
    const lease = new StubLease();
    journal.owe(target);
    sharing.store(lease, LOADED, requestOf());
    await settle();
    expect(lease.said).toEqual(['release refused']);
  });

  it('is owed to the others: a shutdown waits for it', async () => {
    const world = new SharingWorld();
    const lease = new StubLease();
    world.sharing.store(lease, LOADED, requestOf());
    expect(await isSettled(world)).toBe(false);
    lease.answer('stored');
    expect(await isSettled(world)).toBe(true);
  });

  it.each([
    ['stored', false],
    ['refused', true],
  ] as const)('is known to be shared once it was stored: %s', async (outcome, isSolo) => {
    const world = new SharingWorld();
    const { sharing, solo, warnings } = world;
    const lease = new StubLease();
    solo.add('k(1)');
    sharing.store(lease, LOADED, requestOf());
    await settle();
    lease.answer(outcome);
    await settle();
    const { faults } = world;
    expect([solo.has('k(2)'), warnings, faults]).toEqual([isSolo, [], []]);
  });

  it('is kept here, and waited for by nobody, when it cannot be written, which is told', async () => {
    const world = new SharingWorld();
    const lease = new StubLease();
    world.sharing.store(lease, LOADED, requestOf({ name: 'find(1)' }));
    await settle();
    lease.answer({ unwritable: 'it is a socket' });
    await settle();
    expect(world.warnings).toEqual(['find(1) cannot be written: it is a socket']);
    expect([world.solo.has('k(2)'), world.faults]).toEqual([true, []]);
  });

  it('is lost to the others when it could not be given to them, which is told', async () => {
    const world = new SharingWorld();
    const lease = new StubLease();
    world.sharing.store(lease, LOADED, requestOf());
    await settle();
    lease.fail(new Error('no answer'));
    expect(await isSettled(world)).toBe(true);
    expect([world.faults, world.solo.has('k')]).toEqual([['redis store: no answer'], false]);
  });
});

describe('Tiers behind the shared one, after a load,', () => {
  it.each<[string, StoreOutcome, string[]]>([
    ['the very bytes that were stored, if those are wanted', { copy: COPY }, ['set name of k to bytes for 2000']],
    ['nothing where no copies are wanted', 'stored', []],
    ['nothing that was refused', 'refused', []],
    ['nothing that could not be written', { unwritable: 'it is a socket' }, []],
  ])('are given %s', async (_words, outcome, said) => {
    const far = new StubFarTier();
    const world = new SharingWorld({ tiers: [far] });
    const lease = new StubLease();
    world.sharing.store(lease, LOADED, requestOf());
    await settle();
    lease.answer(outcome);
    expect(await isSettled(world)).toBe(true);
    expect([far.said, world.faults]).toEqual([said, []]);
  });

  it('are told when the load says that nothing is kept', async () => {
    const far = new StubFarTier();
    const { sharing } = new SharingWorld({ tiers: [far] });
    sharing.endWithout(new StubLease(), requestOf());
    await settle();
    expect(far.said).toEqual(['delete name of k']);
  });
});

describe('What the shared tier had lost', () => {
  const recovered = { entry: LOADED, mark: Buffer.from('as it was'), tier: 'far' };

  it('is put back as what it was, which a shutdown waits for', async () => {
    class Price {}
    const world = new SharingWorld();
    const lease = new StubLease();
    world.sharing.putBack(lease, recovered, requestOf({ type: Price }));
    const { mark } = recovered;
    expect(lease.stored).toMatchObject([{ value: { value: 'loaded', tags: LOADED.tags }, type: Price, mark }]);
    expect(await isSettled(world)).toBe(false);
    lease.answer('stored');
    expect(await isSettled(world)).toBe(true);
  });

  it.each(['t', 'of the result'])('is not put back while it is owed to tell of an invalidation of: %s', async (tag) => {
    const { journal, sharing } = new SharingWorld();
    const lease = new StubLease();
    journal.owe({ kind: 'tag', tag });
    sharing.putBack(lease, recovered, requestOf());
    await settle();
    expect(lease.said).toEqual(['release refused']);
  });

  it('is lost to it when it could not be put back, which is told', async () => {
    const world = new SharingWorld();
    const lease = new StubLease();
    world.sharing.putBack(lease, recovered, requestOf());
    lease.fail(new Error('no answer'));
    expect(await isSettled(world)).toBe(true);
    expect(world.faults).toEqual(['redis store: no answer']);
  });
});

describe('A lease that stores nothing', () => {
  it.each(['nothing', 'failed', 'refused'] as const)('is given back with the reason: %s', async (reason) => {
    const world = new SharingWorld();
    const lease = new StubLease();
    world.sharing.giveBack(lease, reason);
    expect(lease.said).toEqual([`release ${reason}`]);
    expect(await isSettled(world)).toBe(false);
    lease.answer();
    expect(await isSettled(world)).toBe(true);
  });

  it('lets each load for himself when its function does not share', () => {
    const { sharing, solo } = new SharingWorld();
    const lease = new StubLease();
    sharing.keepAlone(lease, requestOf({ key: 'find(1)' }));
    expect([lease.said, solo.has('find(2)'), solo.has('k')]).toEqual([['release nothing'], true, false]);
  });

  it('ends what was there before, when the load says that nothing is kept', async () => {
    const world = new SharingWorld();
    const lease = new StubLease();
    world.sharing.endWithout(lease, requestOf());
    await settle();
    expect([lease.said, world.tier.said]).toEqual([['release nothing'], []]);
    lease.answer();
    await settle();
    expect(world.tier.said).toEqual(['key k']);
    expect(await isSettled(world)).toBe(false);
    world.tier.answer();
    expect(await isSettled(world)).toBe(true);
  });

  it('keeps what was there before from being asked for until its end was told', async () => {
    const world = new SharingWorld();
    const lease = new StubLease();
    const isAskedFor = (): boolean => !world.journal.blocks('k', []);
    world.sharing.endWithout(lease, requestOf());
    expect(isAskedFor()).toBe(false);
    lease.answer();
    await settle();
    expect(isAskedFor()).toBe(false);
    world.tier.answer();
    await settle();
    expect([isAskedFor(), world.journal.size]).toEqual([true, 0]);
  });

  it.each(['giving back', 'ending'])('leaves the end owed when %s fails', async (what) => {
    const world = new SharingWorld();
    const lease = new StubLease();
    world.sharing.endWithout(lease, requestOf());
    if (what === 'ending') lease.answer();
    await settle();
    (what === 'ending' ? world.tier : lease).fail(new Error('no answer'));
    expect(await isSettled(world)).toBe(true);
    world.tell.repeat();
    expect(world.tier.open).toEqual(['key k']);
  });

  it('pays by the end of one key for nothing else that is owed', async () => {
    const world = new SharingWorld({ capacity: 1 });
    const lease = new StubLease();
    world.journal.owe({ kind: 'key', key: 'owed' });
    world.sharing.endWithout(lease, requestOf());
    lease.answer();
    await settle();
    world.tier.answer();
    await settle();
    expect(world.journal.blocks('owed', [])).toBe(true);
  });

  it.each<[string, (world: SharingWorld, lease: StubLease) => Promise<void> | void]>([
    ['giving back', ({ sharing }, lease) => sharing.giveBack(lease, 'failed')],
    ['keeping alone', ({ sharing }, lease) => sharing.keepAlone(lease, requestOf())],
    ['ending', ({ sharing }, lease) => sharing.endWithout(lease, requestOf())],
  ])('is left to its end when it cannot be given back, which is told: %s', async (_words, give) => {
    const world = new SharingWorld();
    const lease = new StubLease();
    await give(world, lease);
    lease.fail(new Error('no answer'));
    expect(await isSettled(world)).toBe(true);
    expect(world.faults).toEqual(['redis lease: no answer']);
  });

  it('may end nothing, which is told', async () => {
    const world = new SharingWorld();
    const lease = new StubLease();
    world.sharing.endWithout(lease, requestOf());
    lease.answer();
    await settle();
    world.tier.fail(new Error('no answer'));
    expect(await isSettled(world)).toBe(true);
    expect(world.faults).toEqual(['redis lease: no answer']);
  });
});

describe('A load that failed', () => {
  it('is not tried again before its time, whoever holds the old value', () => {
    const { sharing, retryTimes } = new SharingWorld();
    sharing.retryAt('k', 12_000);
    expect([retryTimes.of('k', 11_999), retryTimes.of('other', 11_999)]).toEqual([12_000, undefined]);
  });
});
