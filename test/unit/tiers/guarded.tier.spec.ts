import { describe, expect, it } from '@jest/globals';
import type { FarTier } from '../../../lib/index.js';
import { farTierCases, FaultyTier, ManualClock } from '../../../lib/testing/index.js';
import { FarChain } from '../../../lib/tiers/far-chain.js';
import { GuardedTier } from '../../../lib/tiers/guarded.tier.js';
import { settle, stateOf } from '../../support/source.js';

const BYTES = Uint8Array.of(1, 2, 3);

function guarded(tier: FarTier) {
  const clock = new ManualClock();
  const told: [string, string][] = [];
  const onError = (during: string, error: unknown): void => void told.push([during, (error as Error).message]);
  return { clock, told, tier: new GuardedTier(tier, { clock, onError }) };
}

describe('A guarded tier over one that is well', () => {
  for (const { name, run } of farTierCases(() => guarded(new FaultyTier()).tier)) it(name, run);
});

describe('A guarded tier', () => {
  it('gives up after half a second, ignores what comes then, and says so once', async () => {
    let answer: (bytes: Uint8Array) => void = () => undefined;
    const slow = new FaultyTier();
    slow.get = () => new Promise((resolve) => (answer = resolve));
    const { tier, clock, told } = guarded(slow);
    const asked = tier.get('a');
    await clock.advance(499);
    expect(await stateOf(asked)).toBe('pending');
    await clock.advance(1);
    answer(BYTES);
    expect(await asked).toBe(undefined);
    await clock.advance(60_000);
    expect(told).toEqual([['faulty get', "the tier 'faulty' did not answer within 500 ms"]]);
  });

  it('is not disturbed by a failure that comes late', async () => {
    let fail: (error: Error) => void = () => undefined;
    const slow = new FaultyTier();
    slow.delete = () => new Promise((_, reject) => (fail = reject));
    const { tier, clock, told } = guarded(slow);
    const asked = tier.delete('a');
    await clock.advance(500);
    fail(new Error('late'));
    await settle();
    expect(await asked).toBe(undefined);
    expect(told.map(([, message]) => message)).toEqual(["the tier 'faulty' did not answer within 500 ms"]);
  });

  it('leaves no timer behind once it was answered', async () => {
    const faulty = new FaultyTier();
    const { tier, clock, told } = guarded(faulty);
    await tier.set('a', BYTES, 1_000);
    faulty.fail();
    await tier.get('a');
    await clock.advance(60_000);
    expect(told).toHaveLength(1);
  });

  it.each([['text'], [5], [{}], [[1]], [new ArrayBuffer(3)]])(
    'takes %p for a failure, not for bytes',
    async (answer) => {
      const odd = new FaultyTier();
      odd.get = () => Promise.resolve(answer as never);
      const { tier, told } = guarded(odd);
      expect(await tier.get('a')).toBe(undefined);
      expect(told).toHaveLength(1);
    },
  );

  it('takes null for nothing', async () => {
    const odd = new FaultyTier();
    odd.get = () => Promise.resolve(null as never);
    const { tier, told } = guarded(odd);
    expect(await tier.get('a')).toBe(undefined);
    expect(told).toEqual([]);
  });

  it('gives a slow tier 64 values at once, and no more', async () => {
    const faulty = new FaultyTier();
    let writes = 0;
    const set = faulty.set.bind(faulty);
    faulty.set = (...all) => (writes++, set(...all));
    faulty.hang();
    const { tier, clock } = guarded(faulty);
    const work = Promise.all(Array.from({ length: 100 }, (_, index) => tier.set(`k${index}`, BYTES, 1_000)));
    expect(writes).toBe(64);
    await clock.advance(500);
    await work;
    faulty.heal();
    await tier.set('a', BYTES, 1_000);
    expect(await tier.get('a')).toEqual(BYTES);
  });
});

describe('A chain of far tiers', () => {
  const chain = () => {
    const tiers = ['one', 'two', 'three'].map((name) => new FaultyTier(name)) as [FaultyTier, FaultyTier, FaultyTier];
    return { tiers, chain: new FarChain(tiers.map((tier) => guarded(tier).tier)) };
  };

  it('finds in the order of its tiers, and asks no more of them than are wanted', async () => {
    const { tiers, chain: all } = chain();
    await tiers[1].set('a', Uint8Array.of(2), 1_000);
    await tiers[2].set('a', Uint8Array.of(3), 1_000);
    const found: unknown[] = [];
    for await (const copy of all.copiesOf('a')) found.push(copy);
    expect(found).toEqual([
      { bytes: Uint8Array.of(2), tier: 'two', above: 1 },
      { bytes: Uint8Array.of(3), tier: 'three', above: 2 },
    ]);
    tiers[2].hang();
    for await (const { tier } of all.copiesOf('a')) {
      expect(tier).toBe('two');
      break;
    }
  });

  it('keeps in all, or in the first ones, and drops from all', async () => {
    const { tiers, chain: all } = chain();
    const held = () => Promise.all(tiers.map(async (tier) => (await tier.get('a')) !== undefined));
    await all.keep('a', { bytes: BYTES, ttlMs: 1_000 }, 2);
    expect(await held()).toEqual([true, true, false]);
    tiers[0].fail();
    await all.keep('a', { bytes: BYTES, ttlMs: 1_000 });
    await all.drop('a');
    tiers[0].heal();
    expect(await held()).toEqual([true, false, false]);
  });
});
