import { describe, expect, it } from '@jest/globals';
import { Journal } from '../../../lib/coherence/journal.js';
import { Ledger } from '../../../lib/coherence/ledger.js';
import { Admission } from '../../../lib/engine/admission.js';
import { ManualClock } from '../../../lib/testing/index.js';
import { MemoryTier } from '../../../lib/tiers/memory.tier.js';
import { entryOf } from './sharing-world.js';
import { PARTS } from './stub-tier.js';

const LASTING = { born: 10_000, freshUntil: 50_000, quietUntil: 50_000 };

/** A memory before a shared tier, by which tags are called by their digests as well. */
function memory() {
  const near = new MemoryTier({ max: 10, maxBytes: undefined });
  const [ledger, journal] = [new Ledger(near, () => undefined), new Journal({ parts: PARTS })];
  const digestsOf = (_key: string, tags: readonly string[]): string[] => tags.map((tag) => `digest of ${tag}`);
  const parts = { clock: new ManualClock(10_000), journal, detachedTtl: 1_000, digestsOf };
  return { near, ledger, journal, admission: new Admission(ledger, parts) };
}

describe('Memory takes in', () => {
  it('an entry, for its time', () => {
    const { near, admission } = memory();
    const entry = entryOf(LASTING);
    expect([admission.admit(entry), near.get('k')]).toEqual([true, entry]);
    expect([entry.quietUntil, entry.askAt]).toEqual([50_000, 50_000]);
  });

  it('nothing that was invalidated, by whatever name', () => {
    const { near, ledger, admission } = memory();
    ledger.recordTag('digest of t');
    expect([admission.admit(entryOf(LASTING)), near.entries]).toEqual([false, 0]);
    expect(admission.admit(entryOf({ ...LASTING, tags: ['u'] }))).toBe(true);
  });

  it.each(['t', 'another'])('for a while what others could not be told about: %s', (tag) => {
    const { journal, admission } = memory();
    journal.owe({ kind: 'tag', tag });
    const entry = entryOf(LASTING);
    expect(admission.admit(entry)).toBe(true);
    const until = tag === 't' ? 11_000 : 50_000;
    expect([entry.quietUntil, entry.askAt]).toEqual([until, until]);
  });
});

describe('What may be invalidated', () => {
  it('has its tags and what else they are called', () => {
    expect(memory().admission.namesOf('k', ['t', 'u'])).toEqual(['t', 'u', 'digest of t', 'digest of u']);
  });

  it('has its tags alone where there is nobody to call it anything', () => {
    const ledger = new Ledger(new MemoryTier({ max: 10, maxBytes: undefined }), () => undefined);
    expect(new Admission(ledger).namesOf('k', ['t', 'u'])).toEqual(['t', 'u']);
  });
});
