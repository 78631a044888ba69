import { describe, expect, it } from '@jest/globals';
import { Ledger } from '../../../lib/coherence/ledger.js';
import { MemoryTier } from '../../../lib/tiers/memory.tier.js';
import { keyOf, tagOf } from './ledger-world.js';
import { taggedEntry } from './tagged-entry.js';

const TAGS = 12;

interface ListenedTo {
  readonly near: MemoryTier;
  readonly ledger: Ledger;
  readonly told: readonly string[];
}

/** A ledger of five entries per tag, whose listener acts each time it hears of a refused entry. */
function listenedTo(listener: (ledger: Ledger) => void): ListenedTo {
  const near = new MemoryTier({ max: 500, maxBytes: undefined });
  const told: string[] = [];
  const ledger: Ledger = new Ledger(
    near,
    (entry) => {
      told.push(entry.key);
      listener(ledger);
    },
    { capacity: 3 },
  );
  for (let number = 0; number < 5 * TAGS; number++) {
    ledger.admitNew(taggedEntry({ key: keyOf(number), tags: [tagOf(number % TAGS)], position: 0 }));
  }
  return { near, ledger, told };
}

const tagsServed = (near: MemoryTier, ledger: Ledger): Set<string> =>
  new Set([...near.each()].filter((entry) => ledger.admits(entry)).map((entry) => entry.tags[0] as string));

const recordFillers = (ledger: Ledger, count = 12): void => {
  for (let index = 0; index < count; index++) ledger.recordTag(`filler${index}`);
};

describe('Whoever hears of refused entries', () => {
  it.each([1, 2, 3, 4, 5, 8, 20])('may record %d tags then: no entry is refused or served wrongly', (burst) => {
    let echoes = 0;
    const { near, ledger, told } = listenedTo((heard) => {
      for (let index = 0; index < burst; index++) heard.recordTag(`echo${echoes++}`);
    });
    for (let tag = 0; tag < 5; tag++) ledger.recordTag(tagOf(tag));
    recordFillers(ledger);
    expect([...tagsServed(near, ledger)].sort()).toEqual([5, 6, 7, 8, 9, 10, 11].map(tagOf).sort());
    expect(new Set(told).size).toBe(told.length);
  });

  it.each([1, 2, 3, 4, 5, 8, 20])(
    'may record %d tags then: every refused entry is given back all the same',
    (burst) => {
      let echoes = 0;
      const { near, ledger, told } = listenedTo((heard) => {
        for (let index = 0; index < burst; index++) heard.recordTag(`echo${echoes++}`);
      });
      for (let tag = 0; tag < 5; tag++) ledger.recordTag(tagOf(tag));
      recordFillers(ledger);
      expect(told).toHaveLength(25);
      expect(near.entries).toBe(5 * TAGS - 25);
    },
  );

  it.each([0, 1, 2, 3, 4, 5, 8, 20])(
    'may record a tag of other entries and then %d more: what the tag covers is never served',
    (burst) => {
      let heard = 0;
      let echoes = 0;
      const { near, ledger } = listenedTo((itself) => {
        // Each time a tag that nobody has invalidated yet, up to half of them.
        const tag = ++heard;
        if (tag < TAGS / 2) itself.recordTag(tagOf(tag));
        for (let index = 0; index < burst; index++) itself.recordTag(`echo${echoes++}`);
      });
      ledger.recordTag(tagOf(0));
      recordFillers(ledger);
      const invalidated = Array.from({ length: Math.min(TAGS / 2, heard + 1) }, (_, tag) => tagOf(tag));
      expect(invalidated.length).toBeGreaterThan(1);
      const served = tagsServed(near, ledger);
      expect(invalidated.filter((tag) => served.has(tag))).toEqual([]);
      expect(served.size).toBe(TAGS - invalidated.length);
    },
  );

  it('may clear everything then', () => {
    const { near, ledger } = listenedTo((heard) => heard.recordAll());
    ledger.recordTag(tagOf(0));
    recordFillers(ledger);
    expect(near.entries).toBe(0);
    expect(ledger.admitNew(taggedEntry({ tags: ['t0'], position: 0 }))).toBe(false);
    expect(ledger.admitNew(taggedEntry({ tags: ['t0'], position: ledger.position }))).toBe(true);
  });

  it('may clear everything then and go on: what is invalidated after that is never served', () => {
    let heardBefore = false;
    const { near, ledger } = listenedTo((heard) => {
      if (heardBefore) return;
      heardBefore = true;
      heard.recordAll();
      for (const tag of ['covered', 'spared']) {
        heard.admitNew(taggedEntry({ key: tag, tags: [tag], position: heard.position }));
      }
      heard.recordTag('covered');
      recordFillers(heard, 2);
    });
    ledger.recordTag(tagOf(0));
    recordFillers(ledger, 24);
    expect(heardBefore).toBe(true);
    expect([...tagsServed(near, ledger)]).toEqual(['spared']);
  });

  it('may store another entry then, which is judged like any other', () => {
    let copies = 0;
    const { near, ledger } = listenedTo((heard) => {
      heard.admitNew(taggedEntry({ key: `copy${copies++}`, tags: ['copied'], position: heard.position }));
    });
    ledger.recordTag(tagOf(0));
    recordFillers(ledger);
    expect(copies).toBe(5);
    expect(tagsServed(near, ledger)).toContain('copied');
    ledger.recordTag('copied');
    expect(tagsServed(near, ledger)).not.toContain('copied');
  });

  it('may record a tag each time, however many entries are refused in a row', () => {
    const near = new MemoryTier({ max: 30_000, maxBytes: undefined });
    let told = 0;
    const ledger: Ledger = new Ledger(near, () => ledger.recordTag(`echo${told++}`), { capacity: 10 });
    for (let number = 0; number < 30_000; number++) {
      ledger.admitNew(taggedEntry({ key: keyOf(number), tags: ['t'], position: 0 }));
    }
    ledger.recordTag('t');
    expect(() => recordFillers(ledger, 200)).not.toThrow();
    expect(told).toBe(30_000);
    expect(near.entries).toBe(0);
  });
});
