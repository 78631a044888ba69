import { describe, expect, it } from '@jest/globals';
import { hashOf } from '../../../lib/coherence/fingerprint.js';
import { Ledger } from '../../../lib/coherence/ledger.js';
import type { Standing } from '../../../lib/coherence/trust.js';
import type { Entry } from '../../../lib/core/entry.js';
import { Look } from '../../../lib/engine/look.js';
import { Reporter } from '../../../lib/observe/reporter.js';
import { composeObservers } from '../../../lib/core/observer.js';
import { RecordingObserver } from '../../../lib/testing/index.js';
import { MemoryTier } from '../../../lib/tiers/memory.tier.js';
import { entryOf } from './sharing-world.js';

const NOW = 5_000;

/** A look at a memory of which all has the same standing, and may be served unproven for 1,000 ms. */
class Watched {
  standing: Standing = 'proven';
  readonly near = new MemoryTier({ max: 10, maxBytes: undefined }, () => undefined);
  readonly ledger = new Ledger(this.near, () => undefined, { knows: 'what it hears' });
  readonly heard = new RecordingObserver();
  readonly look: Look;

  constructor(salt = 0) {
    const { near, ledger, heard } = this;
    const reporter = new Reporter(
      composeObservers('c', [heard], () => undefined),
      near,
    );
    const trust = { until: Number.NEGATIVE_INFINITY, standingOf: () => this.standing };
    this.look = new Look({ near, ledger, trust, reporter, detachedTtl: 1_000, salt });
  }
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

describe('What nobody can be asked about', () => {
  /** A salt by which the key `k` grows old after this share of the time. */
  const saltOf = (share: number): number => hashOf('k') ^ (share * 2 ** 32);
  const ALL = { born: 0, freshUntil: 10_000, terms: { staleWhileRevalidate: 0, staleIfError: 90_000 } };
  const after = ({ look }: Watched, detached: readonly number[], entry = entryOf(ALL)): readonly string[] =>
    detached.map((ms) => look.freshness(entry, 2_000 + ms));

  it.each([
    [0, [0], ['stale']],
    [0.5, [499, 500, 999, 1_000], ['fresh', 'stale', 'stale', 'dead']],
  ])('is served as it is for the share %d of the time, and then as old', (share, detached, expected) => {
    const watched = new Watched(saltOf(share));
    watched.standing = { since: 2_000 };
    expect(after(watched, detached)).toEqual(expected);
  });

  it('is no less old than it is by its age', () => {
    const watched = new Watched(saltOf(0.5));
    watched.standing = { since: 2_000 };
    expect(after(watched, [499, 999, 1_000], entryOf({ ...ALL, freshUntil: 2_000 }))).toEqual([
      'grace',
      'grace',
      'dead',
    ]);
  });
});

describe('A look at memory', () => {
  it.each<[string, (watched: Watched) => void, number, string]>([
    ['was invalidated', ({ ledger }) => ledger.recordTag('t'), 500, 'invalidated'],
    ['is over', () => undefined, 1_000, 'expired'],
  ])('takes away what %s, which is told', (_words, prepare, now, cause) => {
    const watched = new Watched();
    watched.ledger.admitNew(entryOf({}));
    prepare(watched);
    expect(watched.look.at('k', now)).toBeUndefined();
    expect([watched.near.entries, watched.heard.of('evict')]).toEqual([0, [['k', cause]]]);
  });
});
