import { strict as assert } from 'node:assert';
import type { Clock } from '../core/clock.js';
import type { LeaseReply, SharedLease, SharedTier, SharedValue } from '../tiers/shared-tier.js';
import type { ConformanceCase } from './conformance-case.js';

/** Two processes that look at one shared tier, each by an object of its own. */
export interface SharedPair {
  /** One process's. */
  readonly one: SharedTier;
  /** The other's. */
  readonly other: SharedTier;
  /** What both tell their times by. */
  readonly clock: Clock;
}

/** What every shared tier has to do. `make` gives an empty one, which can be asked at once. */
export function sharedTierCases(make: () => SharedPair | Promise<SharedPair>): readonly ConformanceCase[] {
  return CASES.map(([name, check]) => ({
    name,
    run: async () => {
      await check(await make());
    },
  }));
}

const CASES: readonly (readonly [name: string, check: (pair: SharedPair) => Promise<void>])[] = [
  [
    'has nothing at first, and can be asked',
    async ({ one, other }) => {
      for (const tier of [one, other]) {
        assert.deepEqual(
          [tier.isReachable, tier.isWhole, tier.reaches('k'), tier.reachesPart(0)],
          [true, true, true, true],
        );
        assert.deepEqual(await tier.read(reading()), { found: undefined, mark: undefined });
      }
    },
  ],
  [
    'shows all processes what one of them has loaded, and when, and of what it was made',
    async (pair) => {
      const value = valueAt(pair.clock, { value: { list: [1, 'two', null] }, tags: ['red'], staleIfError: 5_000 });
      assert.equal(isStored(await (await win(pair.one, ['red'])).store(value, undefined)), true);
      for (const tier of [pair.one, pair.other]) {
        const { found } = await tier.read(reading(['red']));
        assert.ok(found !== undefined, 'nothing is found');
        assert.deepEqual(found.value, value.value);
        assert.deepEqual(found.tags, ['red']);
        assert.ok(Math.abs(found.freshUntil - value.freshUntil) < 1_000, 'its life has another end');
        assert.deepEqual([found.staleIfError, found.staleWhileRevalidate], [5_000, 0]);
      }
    },
  ],
  [
    'tells null, undefined and nothing apart',
    async ({ one, other, clock }) => {
      for (const value of [null, undefined]) {
        await (await win(one)).store(valueAt(clock, { value }), undefined);
        const { found } = await other.read(reading());
        assert.ok(found !== undefined && found.value === value);
        await one.invalidateKey('k');
      }
      assert.equal((await other.read(reading())).found, undefined);
    },
  ],
  [
    'gives the lease of a key to one load at a time',
    async ({ one, other }) => {
      const lease = await win(one);
      const refused = await acquire(other);
      assert.equal(refused.kind, 'busy');
      await lease.release('failed');
      await (await win(other)).release('nothing');
    },
  ],
  [
    'has a value for who asks for a lease and saw none, and none for who saw it',
    async ({ one, other, clock }) => {
      await (await win(one)).store(valueAt(clock), undefined);
      const reply = await markOf(other);
      assert.equal(reply.found.value, 'v');
      const again = await other.acquire({ ...reading(), seen: reply.mark });
      assert.equal(again.kind, 'won');
      await again.lease.release('failed');
    },
  ],
  [
    'takes a lease once',
    async ({ one, clock }) => {
      const lease = await win(one);
      await lease.store(valueAt(clock), undefined);
      assert.equal(await lease.store(valueAt(clock, { value: 'twice' }), undefined), 'refused');
      await lease.release('failed');
      assert.equal((await one.read(reading())).found?.value, 'v');
    },
  ],
  [
    'wakes who waits for a load of another process, and says what became of it',
    async ({ one, other, clock }) => {
      for (const end of ['stored', 'nothing', 'failed'] as const) {
        const request = { ...reading(), key: `k ${end}`, seen: undefined };
        const won = await one.acquire(request);
        assert.ok(won.kind === 'won', `the lease was not given: ${won.kind}`);
        const { lease } = won;
        const wait = other.wait(request.key);
        assert.equal((await other.acquire(request)).kind, 'busy');
        if (end === 'stored') await lease.store(valueAt(clock), undefined);
        else await lease.release(end);
        assert.equal(await wait.woken, end);
        wait.stop();
      }
    },
  ],
  [
    'forgets an invalidated key, and refuses the load that was under way',
    async (pair) => {
      await endsWith(pair, [], (tier) => tier.invalidateKey('k'));
    },
  ],
  [
    'forgets what has an invalidated tag, and refuses the load that was under way',
    async (pair) => {
      await endsWith(pair, ['red'], (tier) => tier.invalidateTags(['blue', 'red']));
    },
  ],
  [
    'forgets everything, and refuses all loads that were under way',
    async (pair) => {
      await endsWith(pair, [], (tier) => tier.clear());
    },
  ],
  [
    'leaves what has another key or tag as it is',
    async ({ one, other, clock }) => {
      await (await win(one, ['red'])).store(valueAt(clock, { tags: ['red'] }), undefined);
      await other.invalidateKey('K');
      await other.invalidateTags(['Red', 'blue']);
      assert.equal((await one.read(reading(['red']))).found?.value, 'v');
    },
  ],
  [
    'leaves what lies in parts that are not to be told',
    async ({ one, other, clock }) => {
      await (await win(one, ['red'])).store(valueAt(clock, { tags: ['red'] }), undefined);
      await other.invalidateTags(['red'], new Set());
      await other.clear(new Set());
      assert.equal((await one.read(reading(['red']))).found?.value, 'v');
    },
  ],
  [
    'knows the tags that only the result brought',
    async ({ one, other, clock }) => {
      await (await win(one)).store(valueAt(clock, { tags: ['late'] }), undefined);
      assert.deepEqual((await other.read(reading())).found?.tags, ['late']);
      await other.invalidateTags(['late']);
      assert.equal((await one.read(reading())).found, undefined);
      const lease = await win(one);
      await other.invalidateTags(['late']);
      assert.equal(await lease.store(valueAt(clock, { tags: ['late'] }), undefined), 'refused');
    },
  ],
  [
    'has no answer without a tag that is asked for',
    async ({ one, other, clock }) => {
      await (await win(one)).store(valueAt(clock), undefined);
      assert.equal((await other.read(reading(['red']))).found, undefined);
      assert.equal((await other.read(reading())).found?.value, 'v');
    },
  ],
  [
    'sets a value, which ends the load that was under way',
    async ({ one, other, clock }) => {
      const lease = await win(one);
      assert.equal(isStored(await other.set('k', valueAt(clock, { value: 'set' }), () => true)), true);
      assert.equal(await lease.store(valueAt(clock), undefined), 'refused');
      assert.equal((await one.read(reading())).found?.value, 'set');
    },
  ],
  [
    'only invalidates where a value that was to be set is not wanted any more',
    async ({ one, other, clock }) => {
      await (await win(one)).store(valueAt(clock), undefined);
      assert.equal(await other.set('k', valueAt(clock, { value: 'set' }), () => false), 'refused');
      assert.equal((await one.read(reading())).found, undefined);
    },
  ],
  [
    'puts back what it has lost, unless that was invalidated since',
    async ({ one, other, clock }) => {
      await (await win(one)).store(valueAt(clock), undefined);
      const { mark } = await markOf(other);
      await one.invalidateKey('k');
      assert.equal(isStored(await (await win(one)).putBack(valueAt(clock), undefined, mark)), true);
      assert.deepEqual((await markOf(other)).mark, mark);
      await one.invalidateKey('k');
      const lease = await win(one);
      await other.invalidateKey('k');
      assert.equal(await lease.putBack(valueAt(clock), undefined, mark), 'refused');
      assert.equal((await other.read(reading())).found, undefined);
    },
  ],
  [
    'says of what cannot come back as it is that it cannot be written',
    async ({ one, other, clock }) => {
      const outcome = await (await win(one)).store(valueAt(clock, { value: { when: () => 'now' } }), undefined);
      assert.equal(typeof outcome, 'object');
      await (await win(other)).release('nothing');
    },
  ],
];

/** What was stored is gone after it, and so is what is stored by a load that began before it. */
async function endsWith(
  { one, other, clock }: SharedPair,
  tags: readonly string[],
  invalidate: (tier: SharedTier) => Promise<void>,
): Promise<void> {
  await (await win(one, tags)).store(valueAt(clock, { tags }), undefined);
  await invalidate(other);
  for (const tier of [one, other]) assert.equal((await tier.read(reading(tags))).found, undefined);
  const lease = await win(one, tags);
  await invalidate(other);
  assert.equal(await lease.store(valueAt(clock, { tags }), undefined), 'refused');
  assert.equal((await other.read(reading(tags))).found, undefined);
  assert.equal(isStored(await (await win(other, tags)).store(valueAt(clock, { tags }), undefined)), true);
  assert.equal((await one.read(reading(tags))).found?.value, 'v');
}

function reading(tags: readonly string[] = []): Parameters<SharedTier['read']>[0] {
  return { key: 'k', tags, type: undefined };
}

/** As who has looked, and seen what lies there. */
async function acquire(tier: SharedTier, tags: readonly string[] = []): Promise<LeaseReply> {
  const { mark } = await tier.read(reading(tags));
  return tier.acquire({ ...reading(tags), seen: mark });
}

async function win(tier: SharedTier, tags: readonly string[] = []): Promise<SharedLease> {
  const reply = await acquire(tier, tags);
  assert.ok(reply.kind === 'won', `the lease was not given: ${reply.kind}`);
  return reply.lease;
}

async function markOf(tier: SharedTier): Promise<Extract<LeaseReply, { kind: 'found' }>> {
  const reply = await tier.acquire({ ...reading(), seen: undefined });
  assert.ok(reply.kind === 'found', `nothing was found: ${reply.kind}`);
  return reply;
}

function valueAt(clock: Clock, changed: Partial<SharedValue> = {}): SharedValue {
  const now = Math.floor(clock.now());
  return {
    ...{ value: 'v', tags: [], born: now, freshUntil: now + 60_000 },
    ...{ staleWhileRevalidate: 0, staleIfError: 0, loadMs: 5 },
    ...changed,
  };
}

function isStored(outcome: Awaited<ReturnType<SharedLease['store']>>): boolean {
  return outcome === 'stored' || (typeof outcome === 'object' && 'copy' in outcome);
}
