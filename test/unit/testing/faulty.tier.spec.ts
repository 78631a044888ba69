import { describe, expect, it } from '@jest/globals';
import { farTierCases, FaultyTier } from '../../../lib/testing/index.js';
import { settle, stateOf } from '../../support/source.js';

describe('A faulty tier that is well, as a far tier,', () => {
  for (const { name, run } of farTierCases(() => new FaultyTier())) it(name, run);
});

describe('A faulty tier', () => {
  it('is called as it is told, or as the one it is made around', () => {
    expect(new FaultyTier().name).toBe('faulty');
    expect(new FaultyTier('files').name).toBe('files');
    expect(new FaultyTier(new FaultyTier('around')).name).toBe('around');
  });

  it('fails in everything until it is healed, and has kept what it had', async () => {
    const tier = new FaultyTier();
    await tier.set('a', Uint8Array.of(1), 1_000);
    tier.fail();
    const asked = [tier.get('a'), tier.set('b', Uint8Array.of(2), 1_000), tier.delete('a')];
    for (const one of asked) await expect(one).rejects.toThrow("the tier 'faulty' fails");
    tier.fail(new Error('in these words'));
    await expect(tier.get('a')).rejects.toThrow('in these words');
    tier.heal();
    expect([await tier.get('a'), await tier.get('b')]).toEqual([Uint8Array.of(1), undefined]);
  });

  it('answers nothing while it hangs, and not afterwards either', async () => {
    const tier = new FaultyTier();
    await tier.set('a', Uint8Array.of(1), 1_000);
    tier.hang();
    const asked = [tier.get('a'), tier.set('b', Uint8Array.of(2), 1_000), tier.delete('a')];
    tier.heal();
    await settle();
    for (const one of asked) expect(await stateOf(one)).toBe('pending');
    expect(await tier.get('a')).toEqual(Uint8Array.of(1));
  });
});
