import { describe, expect, it } from '@jest/globals';
import { Ledger } from '../../../lib/coherence/ledger.js';
import type { Entry } from '../../../lib/core/entry.js';
import { MemoryTier } from '../../../lib/tiers/memory.tier.js';
import { taggedEntry } from './tagged-entry.js';

function world(capacity = 100) {
  const near = new MemoryTier({ max: 10_000, maxBytes: undefined });
  const refused: Entry[] = [];
  const ledger = new Ledger(near, (entry) => refused.push(entry), { capacity, knows: 'what it hears' });
  const hold = (key: string, tags: readonly string[]): Entry => {
    const entry = taggedEntry({ key, tags, position: ledger.position });
    expect(ledger.admitNew(entry)).toBe(true);
    return entry;
  };
  return { near, refused, ledger, hold };
}

describe('A ledger that may have missed something', () => {
  it.each([[[]], [['t']]])('admits nothing that it admitted before, with tags %j', (tags) => {
    const { ledger, hold } = world();
    const entry = hold('k', tags);
    const below = ledger.recordLoss();
    expect(ledger.admits(entry)).toBe(false);
    expect(entry.position).toBeLessThan(below);
    expect(ledger.refuses(entry)).toBe(false);
  });

  it('admits what came after', () => {
    const { ledger, hold } = world();
    const below = ledger.recordLoss();
    const entry = hold('k', ['t']);
    expect([ledger.admits(entry), entry.position >= below]).toEqual([true, true]);
    ledger.recordTag('other');
    expect(ledger.admits(entry)).toBe(true);
  });

  it('takes no load in that began before, for nobody knows what came meanwhile', () => {
    const { near, ledger } = world();
    const { position } = ledger;
    ledger.recordLoss();
    for (const tags of [[], ['t']]) {
      expect(ledger.covers({ key: 'k', tags }, position)).toBe(true);
      expect(ledger.admitNew(taggedEntry({ tags, position }))).toBe(false);
    }
    expect(near.entries).toBe(0);
  });

  it('still refuses what it knows to be invalidated, before and after', () => {
    const { ledger, hold } = world();
    const before = hold('a', ['t']);
    ledger.recordTag('t');
    ledger.recordLoss();
    const after = hold('b', ['t']);
    const untouched = hold('c', ['u']);
    ledger.recordLoss();
    ledger.recordTag('t');
    expect([before, after, untouched].map((entry) => ledger.refuses(entry))).toEqual([true, true, false]);
  });

  it('refuses all that was there before everything was invalidated', () => {
    const { near, ledger, hold } = world();
    const entry = hold('k', []);
    ledger.recordLoss();
    ledger.recordAll();
    expect([near.entries, ledger.refuses(entry), ledger.admits(entry)]).toEqual([0, true, false]);
    expect(ledger.admits(hold('k', []))).toBe(true);
  });

  it('throws nothing away for the loss alone when its table is full', () => {
    const { near, refused, ledger, hold } = world(10);
    const kept = Array.from({ length: 50 }, (_, index) => hold(`kept${index}`, [`tag${index}`]));
    const gone = Array.from({ length: 5 }, (_, index) => hold(`gone${index}`, ['gone']));
    ledger.recordLoss();
    ledger.recordTag('gone');
    for (let number = 0; number < 12; number++) ledger.recordTag(`other${number}`);
    expect(refused.map(({ key }) => key).sort()).toEqual(gone.map(({ key }) => key));
    expect(near.entries).toBe(kept.length);
    expect(kept.some((entry) => ledger.admits(entry))).toBe(false);
  });

  it('refuses what it cannot know any more', () => {
    const { ledger, hold } = world(10);
    const entry = hold('k', ['t']);
    ledger.recordLoss();
    for (let number = 0; number < 40; number++) ledger.recordTag(`other${number}`);
    expect([ledger.admits(entry), ledger.refuses(entry)]).toEqual([false, true]);
  });
});

describe('A ledger that misses nothing', () => {
  it('lets what has no tags be, for the loss that never comes', () => {
    const near = new MemoryTier({ max: 10, maxBytes: undefined });
    const ledger = new Ledger(near, () => undefined);
    const entry = taggedEntry({ tags: [], position: 0 });
    ledger.admitNew(entry);
    for (let number = 0; number < 100; number++) ledger.recordTag('t');
    expect(ledger.admits(entry)).toBe(true);
  });
});

describe('An entry that memory never took in', () => {
  it('is not admitted after an invalidation of its tag', () => {
    const { ledger } = world();
    const entry = taggedEntry({ tags: ['t'], position: ledger.position });
    ledger.recordTag('t');
    expect([ledger.admits(entry), entry.position]).toEqual([false, 0]);
  });

  it.each([[[]], [['t']]])('is not admitted after an invalidation of everything, with tags %j', (tags) => {
    const { ledger } = world();
    const entry = taggedEntry({ tags, position: ledger.position });
    ledger.recordAll();
    expect([ledger.admits(entry), entry.position]).toEqual([false, 0]);
  });
});
