import { describe, expect, it } from '@jest/globals';
import { readMutated } from './mutated-records.js';

describe('Records that were changed somewhere', () => {
  it('are refused, or mean what they meant; none is an error', () => {
    const outcomes = readMutated(100_000, 1);
    const all = ['checksum', 'flags', 'format', 'key', 'length', 'magic', 'stamp', 'tags'];
    const taken = ['taken, with other versions', 'forged, and read', 'forged, and unreadable'];
    for (const outcome of [...all, ...taken])
      expect([outcome, outcomes.get(outcome)]).not.toEqual([outcome, undefined]);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
});
