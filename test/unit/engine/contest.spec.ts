import { describe, expect, it } from '@jest/globals';
import type { Entry } from '../../../lib/core/entry.js';
import { Contest, type Verdict } from '../../../lib/engine/contest.js';
import type { LoadRequest } from '../../../lib/engine/load-request.js';
import type { CachePolicyOptions } from '../../../lib/policy/options.js';
import type { SharedValue } from '../../../lib/tiers/shared-tier.js';
import { settle, stateOf } from '../../support/source.js';
import { entryOf, requestOf, SharingWorld } from './sharing-world.js';
import { StubFarTier, StubLease } from './stub-tier.js';

const ASKED = 'acquire k';
const NEW_MARK = Buffer.from('new');
/** The world's clock stands at 10,000. */
const FOUND: SharedValue = {
  ...{ value: 'theirs', tags: ['t'], born: 9_000, freshUntil: 20_000, loadMs: 5 },
  ...{ staleWhileRevalidate: 0, staleIfError: 0 },
};

/** What memory has, and the load is to replace. */
const oldOf = (born: number): Entry => entryOf({ value: 'old', born, freshUntil: 20_000 });

/** A contest that is under way, in a world where a test answers. */
class Held {
  readonly world = new SharingWorld();
  readonly contest: Contest;
  verdict: Verdict | undefined;

  constructor(parts: Partial<LoadRequest> = {}, options: CachePolicyOptions = {}) {
    this.contest = this.world.sharing.contestOf(requestOf(parts, options));
  }

  async enter(): Promise<this> {
    void this.contest.enter().then((verdict) => {
      this.verdict = verdict;
    });
    await settle();
    return this;
  }

  async reply(reply: unknown): Promise<void> {
    this.world.tier.answer(reply, ASKED);
    await settle();
  }

  find(found: Partial<SharedValue> = {}): Promise<void> {
    return this.reply({ kind: 'found', found: { ...FOUND, ...found }, mark: NEW_MARK });
  }

  get wait() {
    const wait = this.world.tier.waits.at(-1);
    if (wait === undefined) throw new Error('nobody waits');
    return wait;
  }
}

const RECOVERED = { tier: 'far', mark: Buffer.from('copy'), entry: { key: 'k', value: 'copied', born: 9_000 } };
const BROKEN = Symbol('what cannot be read');

/** A contest that is won, where a tier behind the shared one has a copy of this value; undefined: of nothing. */
async function farOff(value: unknown, parts: Partial<LoadRequest> = {}) {
  const far = new StubFarTier();
  far.kept.set('name of k', Buffer.from('copy'));
  const world = new SharingWorld({ tiers: [far] });
  const copy: SharedValue = {
    ...FOUND,
    get value(): unknown {
      if (value === BROKEN) throw new Error('cannot be read');
      return value;
    },
  };
  world.voucher.say('copy', { value: () => Promise.resolve(value === undefined ? undefined : copy) });
  const entered = world.sharing.contestOf(requestOf(parts)).enter();
  const lease = new StubLease();
  world.tier.answer({ kind: 'won', lease }, ASKED);
  return { world, lease, found: await entered };
}

describe('A contest', () => {
  it('is won by who is given the lease, and waits for nobody then', async () => {
    const held = await new Held().enter();
    const lease = new StubLease();
    await held.reply({ kind: 'won', lease });
    expect(held.verdict).toEqual({ kind: 'lease', lease });
    expect(held.wait.isStopped).toBe(true);
  });

  it('says what it saw, and what an answer must carry', async () => {
    class Price {}
    const mark = Buffer.from('seen');
    const { world } = await new Held({ mark, type: Price }).enter();
    expect(world.tier.requests).toEqual([{ key: 'k', tags: ['t'], type: Price, seen: mark }]);
  });

  it('listens before it asks, so that no end of another load is missed', async () => {
    const { world } = await new Held().enter();
    expect(world.tier.said).toEqual(['wait k', ASKED]);
  });

  it('still listens when another has the lease', async () => {
    const held = await new Held().enter();
    await held.reply({ kind: 'busy', leftMs: 700 });
    expect(held.verdict).toEqual({ kind: 'busy', leftMs: 700 });
    expect(held.wait.isStopped).toBe(false);
  });

  it.each<[string, (held: Held) => void]>([
    ['nobody can be asked', ({ world }) => void (world.tier.isReachable = false)],
    ['an invalidation of its key is owed', ({ world }) => void world.journal.owe({ kind: 'key', key: 'k' })],
    ['an invalidation of a tag of it is owed', ({ world }) => void world.journal.owe({ kind: 'tag', tag: 't' })],
    ['it is over', ({ contest }) => contest.end()],
  ])('is held with nobody when %s', async (_words, prepare) => {
    const held = new Held();
    prepare(held);
    await held.enter();
    expect(held.verdict).toEqual({ kind: 'alone' });
    expect(held.world.tier.said).toEqual([]);
  });

  it('is held with nobody who cannot answer, which is told', async () => {
    const held = await new Held().enter();
    held.world.tier.fail(new Error('no answer'));
    await settle();
    expect(held.verdict).toEqual({ kind: 'alone' });
    expect(held.world.faults).toEqual(['redis lease: no answer']);
  });

  it('asks no more once it is over', async () => {
    const held = await new Held({ isForced: true }).enter();
    held.contest.end();
    await held.find();
    expect(held.verdict).toEqual({ kind: 'alone' });
    expect([held.world.tier.requests.length, held.wait.isStopped]).toEqual([1, true]);
  });

  it('knows whether there is something to be replaced', async () => {
    expect(new Held().contest.hasSeen).toBe(false);
    expect(new Held({ mark: Buffer.from('seen') }).contest.hasSeen).toBe(true);
    expect(new Held({ old: oldOf(9_000) }).contest.hasSeen).toBe(true);
    const held = await new Held({ isForced: true }).enter();
    await held.find();
    expect(held.contest.hasSeen).toBe(true);
  });

  it('does not know what may lie behind the shared tier', () => {
    const { sharing } = new SharingWorld({ tiers: [new StubFarTier()] });
    expect(sharing.contestOf(requestOf()).hasSeen).toBe(true);
  });

  it.each<[string, unknown, Partial<LoadRequest>, object]>([
    ['with a copy that is found behind the shared tier', 'copied', {}, { kind: 'recovered', recovered: RECOVERED }],
    ['where no copy is found there', undefined, {}, { kind: 'lease' }],
    ['without a look there, when it is forced', 'copied', { isForced: true }, { kind: 'lease' }],
    ['without a look there, when there is something to replace', 'copied', { old: oldOf(1) }, { kind: 'lease' }],
  ])('is won %s', async (_words, value, parts, verdict) => {
    const { found, world, lease } = await farOff(value, parts);
    expect(found).toMatchObject({ ...verdict, lease });
    expect(world.faults).toEqual([]);
  });

  it('is won without a copy that cannot be taken, which is told', async () => {
    const { found, world, lease } = await farOff(BROKEN);
    expect(found).toEqual({ kind: 'lease', lease });
    expect(world.faults).toEqual(['far copy: cannot be read']);
  });
});

describe('What another process has loaded meanwhile', () => {
  it('is the answer, as valid as when it was asked for', async () => {
    const held = new Held();
    held.world.ledger.recordTag('before');
    await held.enter();
    held.world.ledger.recordTag('t');
    await held.find();
    expect(held.verdict).toMatchObject({
      kind: 'found',
      entry: { key: 'k', value: 'theirs', tags: ['t'], position: 1, born: 9_000, freshUntil: 20_000, loadMs: 5 },
    });
    expect(held.wait.isStopped).toBe(true);
  });

  it.each<[string, Partial<LoadRequest>, Partial<SharedValue>]>([
    ['it is newer than what memory has', { old: oldOf(8_899) }, {}],
    [
      'it is old, but may be served, and newer',
      { old: oldOf(1_000) },
      { freshUntil: 9_500, staleWhileRevalidate: 501 },
    ],
  ])('is the answer when %s', async (_words, request, found) => {
    const held = await new Held(request).enter();
    await held.find(found);
    expect(held.verdict?.kind).toBe('found');
  });

  it.each<[string, Partial<LoadRequest>, Partial<SharedValue>]>([
    ['it is what memory has, give or take what clocks are off', { old: oldOf(8_900) }, {}],
    ['it is older than what memory has', { old: oldOf(9_500) }, {}],
    ['it is good only in need', {}, { freshUntil: 9_500, staleIfError: 5_000 }],
    ['it has come to its end', {}, { freshUntil: 10_000 }],
    ['the load is to be made whatever others have', { isForced: true }, {}],
  ])('is not the answer when %s: the lease is asked for in its place', async (_words, request, found) => {
    const held = await new Held(request).enter();
    await held.find(found);
    expect(held.verdict).toBeUndefined();
    expect(held.world.tier.requests.map(({ seen }) => seen)).toEqual([undefined, NEW_MARK]);
    expect(held.world.tier.waits.map(({ isStopped }) => isStopped)).toEqual([true, false]);
  });

  it('is not the answer when an invalidation of a tag of it is owed', async () => {
    const held = await new Held().enter();
    held.world.journal.owe({ kind: 'tag', tag: 'of theirs' });
    await held.find({ tags: ['of theirs'] });
    expect([held.verdict, held.world.tier.requests.length]).toEqual([undefined, 2]);
  });

  it.each([
    ['fresh', {}, 'found'],
    ['old', { freshUntil: 9_500, staleWhileRevalidate: 5_000 }, undefined],
  ] as const)(
    'proves what memory has, which may have missed something, if it is fresh: %s',
    async (_words, found, kind) => {
      const held = new Held({ old: oldOf(9_000) });
      held.world.ledger.recordLoss();
      await held.enter();
      await held.find(found);
      expect(held.verdict?.kind).toBe(kind);
    },
  );
});

/** A contest that another is winning. */
async function outdone(parts: Partial<LoadRequest> = {}, options: CachePolicyOptions = {}): Promise<Held> {
  const held = await new Held(parts, options).enter();
  await held.reply({ kind: 'busy', leftMs: 2_000 });
  return held;
}

/** At which instants a wait that nobody ends looks again, counted from its beginning. */
async function looksOf(held: Held, leftMs: number, looks: number): Promise<number[]> {
  const { clock } = held.world;
  const began = clock.now();
  const instants: number[] = [];
  for (let look = 0; look < looks; look++) {
    const next = held.contest.outwait(leftMs);
    while ((await stateOf(next)) === 'pending') await clock.advance(1);
    instants.push(clock.now() - began);
  }
  return instants;
}

describe('Who waits for another process’s load', () => {
  it.each(['stored', 'refused', 'invalidated', 'lost'] as const)(
    'tries again at once when it was %s',
    async (reason) => {
      const held = await outdone();
      const next = held.contest.outwait(2_000);
      expect(await stateOf(next)).toBe('pending');
      held.wait.wake(reason);
      expect(await next).toBe('again');
      expect(held.world.clock.pending).toBe(0);
    },
  );

  it('tries again though the end came before he waited', async () => {
    const held = await outdone();
    held.wait.wake('stored');
    expect(await stateOf(held.contest.outwait(2_000))).toBe('fulfilled');
  });

  it('loads for himself when it is not to be shared', async () => {
    const held = await outdone();
    held.wait.wake('nothing');
    expect(await held.contest.outwait(2_000)).toBe('alone');
    expect([held.wait.isStopped, held.world.clock.pending]).toEqual([true, 0]);
  });

  it('tries again when retryAfter is over where it failed', async () => {
    const held = await outdone({}, { retryAfter: '3s', patience: '5s' });
    const next = held.contest.outwait(2_000);
    held.wait.wake('failed');
    await held.world.clock.advance(2_999);
    expect(await stateOf(next)).toBe('pending');
    await held.world.clock.advance(1);
    expect(await next).toBe('again');
  });

  it('waits no longer than his patience where it failed', async () => {
    const held = await outdone({}, { retryAfter: '1m', patience: '5s' });
    const next = held.contest.outwait(2_000);
    await held.world.clock.advance(40);
    held.wait.wake('failed');
    await held.world.clock.advance(4_959);
    expect(await stateOf(next)).toBe('pending');
    await held.world.clock.advance(1);
    expect(await next).toBe('again');
    expect(await held.contest.outwait(2_000)).toBe('alone');
  });

  it('looks by himself where he is told nothing, ever more seldom', async () => {
    const held = await outdone({}, { patience: '1h' });
    expect(await looksOf(held, 2_000, 7)).toEqual([50, 150, 350, 750, 1_550, 2_550, 3_550]);
  });

  it('looks by himself when the lease must be over', async () => {
    expect(await looksOf(await outdone(), 20, 1)).toEqual([21]);
  });

  it('loads for himself when his patience is over, however often he looked', async () => {
    const held = await outdone({}, { patience: 180 });
    expect(await looksOf(held, 2_000, 3)).toEqual([50, 150, 180]);
    expect(await held.contest.outwait(2_000)).toBe('alone');
    expect([held.wait.isStopped, held.world.clock.pending]).toEqual([true, 0]);
  });

  it.each<[string, CachePolicyOptions, string[]]>([
    ['his own single flight is enough for him', { singleFlight: 'process' }, []],
    ['the results of the function are not shared', {}, ['k(1)']],
  ])('waits no moment when %s', async (_words, options, solo) => {
    const held = await outdone({}, options);
    for (const key of solo) held.world.solo.add(key);
    expect(await stateOf(held.contest.outwait(2_000))).toBe('fulfilled');
    expect(await held.contest.outwait(2_000)).toBe('alone');
    expect(held.wait.isStopped).toBe(true);
  });

  it.each(['for an end', 'after a failure'])(
    'leaves nothing behind when the contest ends while he waits %s',
    async (what) => {
      const held = await outdone();
      const next = held.contest.outwait(2_000);
      if (what === 'after a failure') held.wait.wake('failed');
      await settle();
      expect(held.world.clock.pending).toBe(1);
      held.contest.end();
      expect([held.wait.isStopped, held.world.clock.pending]).toEqual([true, 0]);
      expect(await stateOf(next)).toBe('pending');
    },
  );
});
