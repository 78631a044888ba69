import { describe, expect, it } from '@jest/globals';
import { Ledger } from '../../../lib/coherence/ledger.js';
import type { Standing } from '../../../lib/coherence/trust.js';
import type { Entry } from '../../../lib/core/entry.js';
import { Look } from '../../../lib/engine/look.js';
import { Reporter } from '../../../lib/observe/reporter.js';
import { composeObservers } from '../../../lib/core/observer.js';
import { MemoryTier } from '../../../lib/tiers/memory.tier.js';
import { entryOf } from './sharing-world.js';

const NOW = 5_000;

/** A look at a memory of which all has the same standing, and may be served unproven for 1,000 ms. */
class Watched {
  standing: Standing = 'proven';
  readonly near = new MemoryTier({ max: 10, maxBytes: undefined }, () => undefined);
  readonly ledger = new Ledger(this.near, () => undefined, { knows: 'what it hears' });
  readonly look = new Look({
    near: this.near,
    ledger: this.ledger,
    trust: { until: Number.NEGATIVE_INFINITY, standingOf: () => this.standing },
    reporter: new Reporter(
      composeObservers('c', [], () => undefined),
      this.near,
    ),
    detachedTtl: 1_000,
    salt: 0,
  });
}

/** What another tier had: it grew old a second ago, and may be served for another. */
const lentOf = (): Entry => entryOf({ born: 1_000, freshUntil: NOW - 1_000, terms: { staleIfError: 2_000 } });

describe('An old value that memory does not hold', () => {
  it.each<[string, Standing]>([
    ['who has heard of everything', 'proven'],
    ['who could ask nobody for a while', { since: NOW - 999 }],
  ])('may be served in need by %s', (_words, standing) => {
    const watched = new Watched();
    watched.standing = standing;
    expect(watched.look.mayLend(lentOf(), NOW)).toBe(true);
  });

  it.each<[string, (watched: Watched) => void]>([
    ['another has taken its place', ({ near }) => near.set(lentOf())],
    ['its tag was invalidated', ({ ledger }) => ledger.recordTag('t')],
    ['that may have been missed', ({ ledger }) => void ledger.recordLoss()],
    ['another tier can be asked for it', (watched) => void (watched.standing = 'ask')],
    ['nobody could be asked for too long', (watched) => void (watched.standing = { since: NOW - 1_000 })],
  ])('may not be served when %s', (_words, prepare) => {
    const watched = new Watched();
    const lent = lentOf();
    prepare(watched);
    expect(watched.look.mayLend(lent, NOW)).toBe(false);
  });

  it('may not be served after its end', () => {
    const { look } = new Watched();
    expect([NOW + 999, NOW + 1_000].map((now) => look.mayLend(lentOf(), now))).toEqual([true, false]);
  });

  it('may be served by who loaded it since nobody could be asked, counted from its load', () => {
    const watched = new Watched();
    watched.standing = { since: 0 };
    expect(
      [4_200, 4_201].map((born) => watched.look.mayLend(entryOf({ born, loadMs: 200, freshUntil: NOW + 1 }), NOW)),
    ).toEqual([...[false, true]]);
  });
});
