import { describe, expect, it } from '@jest/globals';
import fc from '../../support/properties.js';
import { fingerprintOf } from '../../../lib/coherence/fingerprint.js';
import { RecentTags } from '../../../lib/coherence/recent-tags.js';
import type { Entry } from '../../../lib/core/entry.js';
import { taggedEntry } from './tagged-entry.js';

const makeEntry = (tags: readonly string[], position: number): Entry => {
  const entry = taggedEntry({ tags, position });
  const { low, high } = fingerprintOf(tags);
  entry.tagBitsLow = low;
  entry.tagBitsHigh = high;
  return entry;
};

describe('The recent tag invalidations', () => {
  it('spare everything when there are none', () => {
    expect(new RecentTags().spares(makeEntry(['a'], 0))).toBe(true);
  });

  it('do not spare an entry of the tag from before, and spare one from then on', () => {
    const recent = new RecentTags();
    recent.record('a', 5);
    expect(recent.spares(makeEntry(['a', 'b'], 4))).toBe(false);
    expect(recent.spares(makeEntry(['a', 'b'], 5))).toBe(true);
    expect(recent.spares(makeEntry(['b'], 4))).toBe(true);
  });

  it.each([
    [1, true],
    [255, true],
    [256, true],
    [257, false],
    [1_000, false],
  ])('tell of an entry that missed %d others that it is spared: %p', (count, spared) => {
    const recent = new RecentTags();
    // One and the same other tag, so that no chance likeness decides.
    for (let position = 1; position <= count; position++) recent.record('other', position);
    expect(recent.spares(makeEntry(['mine'], 0))).toBe(spared);
    expect(recent.spares(makeEntry(['mine'], count - 1))).toBe(true);
  });

  it('never spare what they have forgotten to refuse', () => {
    const tag = fc.integer({ min: 0, max: 400 }).map((number) => `t${number}`);
    const sparesWrongly = (recorded: readonly string[], tags: readonly string[], position: number): boolean => {
      const recent = new RecentTags();
      recorded.forEach((name, index) => recent.record(name, index + 1));
      const covered = recorded.some((name, index) => index + 1 > position && tags.includes(name));
      return covered && recent.spares(makeEntry(tags, position));
    };
    const recordings = fc.array(tag, { minLength: 200, maxLength: 600, size: 'max' });
    const ofEntry = fc.array(tag, { minLength: 1, maxLength: 3 });
    const wrong = fc
      .sample(fc.tuple(recordings, ofEntry, fc.nat(600)), 300)
      .filter(([recorded, tags, position]) => sparesWrongly(recorded, tags, position));
    expect(wrong).toHaveLength(0);
  });
});
