import { describe, expect, it } from '@jest/globals';
import type { SharedValue } from '../../../lib/tiers/shared-tier.js';
import { settle } from '../../support/source.js';
import { SharingWorld } from './sharing-world.js';
import { StubFarTier } from './stub-tier.js';

const REQUEST = { key: 'k', tags: ['t'], type: undefined };
const NAME = 'name of k';
/** The world's clock stands at 10,000. */
const THEIRS: SharedValue = {
  ...{ value: 'theirs', tags: ['t'], born: 9_000, freshUntil: 20_000, loadMs: 5 },
  ...{ staleWhileRevalidate: 5_000, staleIfError: 5_000 },
};

/** Tiers behind the shared one, each of which holds the copy of these words. */
function tiersWith(...copies: (string | undefined)[]) {
  const tiers = copies.map((copy, index) => {
    const tier = new StubFarTier(`far-${index + 1}`);
    if (copy !== undefined) tier.kept.set(NAME, Buffer.from(copy));
    return tier;
  });
  const world = new SharingWorld({ tiers });
  world.voucher.say('good', { value: () => Promise.resolve(THEIRS) });
  world.voucher.say('ended', {});
  world.voucher.say('old', { value: () => Promise.resolve({ ...THEIRS, freshUntil: 10_000 }) });
  world.voucher.say('owed', { tags: ['u'], value: () => Promise.resolve(THEIRS) });
  const sets = (): unknown[] => tiers.map(({ said }) => said.filter((word) => word.startsWith('set')));
  return { world, sets, tiers, farther: world.farther };
}

describe('Tiers that lie behind the shared one', () => {
  it('are asked in their order, and the first answer is given to those before', async () => {
    const { farther, world, sets } = tiersWith(undefined, 'ended', 'good', 'good');
    expect(await farther?.find(REQUEST)).toEqual({ found: THEIRS, mark: Buffer.from('good'), tier: 'far-3' });
    const kept = ['set name of k to good for 10000'];
    expect(sets()).toEqual([kept, kept, [], []]);
    expect(world.faults).toEqual([]);
  });

  it.each(['ended', 'old', 'owed'])('are no answer by a copy that is %s, of which nothing is told', async (copy) => {
    const { farther, world, sets } = tiersWith(copy);
    world.journal.owe({ kind: 'tag', tag: 'u' });
    expect(await farther?.find(REQUEST)).toBeUndefined();
    expect([world.faults, sets()]).toEqual([[], [[]]]);
  });

  it('are no answer by what is no copy, which is told', async () => {
    const { farther, world } = tiersWith('anything', 'good');
    expect(await farther?.find(REQUEST)).toMatchObject({ tier: 'far-2' });
    expect(world.faults).toEqual(['far-1 copy: none of ours']);
  });

  it.each([
    [10_000.5, ['set name of k to copy for 1']],
    [10_000, []],
    [9_999, []],
  ])('are given a copy that is fresh until %p for as long', async (freshUntil, said) => {
    const { farther, tiers } = tiersWith(undefined);
    farther?.keep('k', { bytes: Buffer.from('copy'), freshUntil });
    await settle();
    expect(tiers[0]?.said).toEqual(said);
  });

  it('are told what nobody needs any more', async () => {
    const { farther, tiers } = tiersWith('good');
    farther?.drop(['k']);
    await settle();
    expect(tiers[0]?.said).toEqual(['delete name of k']);
  });
});
