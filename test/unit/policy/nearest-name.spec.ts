import { describe, expect, it } from '@jest/globals';
import { nearestName } from '../../../lib/policy/nearest-name.js';

const KNOWN = ['ttl', 'memoryTtl', 'staleWhileRevalidate', 'staleIfError', 'negativeTtl', 'jitter', 'timeout', 'tags'];

describe('The name that was most likely meant', () => {
  it.each([
    ['ttl', 'ttl'],
    ['TTL', 'ttl'],
    ['tll', 'ttl'],
    ['tlt', 'ttl'],
    ['tt', 'ttl'],
    ['tttl', 'ttl'],
    ['jiter', 'jitter'],
    ['jittre', 'jitter'],
    ['timeOut', 'timeout'],
    ['tag', 'tags'],
    ['memoryTTL', 'memoryTtl'],
    ['stalewhilerevalidate', 'staleWhileRevalidate'],
    ['staleWhileRevalid', 'staleWhileRevalidate'],
    ['staleOnError', 'staleIfError'],
    ['negativTtl', 'negativeTtl'],
  ])('by %p is %p', (typed, meant) => {
    expect(nearestName(typed, KNOWN)).toBe(meant);
  });

  it.each([['banana'], ['redis'], [''], ['x'.repeat(40)], ['🦊🦊🦊']])('by %p is none of them', (typed) => {
    expect(nearestName(typed, KNOWN)).toBeUndefined();
  });

  it('is the nearest of several that are near', () => {
    expect(nearestName('max', ['maxBytes', 'mix', 'max'])).toBe('max');
    expect(nearestName('abcde', ['abxxe', 'abcdx'])).toBe('abcdx');
  });

  it.each([
    ['in the middle', 'abdc', ['abxx', 'abcd'], 'abcd'],
    ['at the beginning', 'bacd', ['xxcd', 'abcd'], 'abcd'],
    ['and no less than one', 'abdc', ['xabcd', 'abdcx'], 'abdcx'],
    ['after which more differs', 'bacx', ['xxcy', 'abcd'], 'abcd'],
  ])('counts two neighbours that were swapped as one mistake: %s', (_words, typed, known, meant) => {
    expect(nearestName(typed, known)).toBe(meant);
  });

  it.each([
    ['two others in their place', 'yxcd'],
    ['the second in place of the first', 'bycd'],
    ['the first in place of the second', 'xacd'],
    ['two others at the end', 'abyx'],
  ])('counts as two mistakes what is no swap: %s', (_words, other) => {
    expect(nearestName('abcd', [other, 'abc'])).toBe('abc');
  });

  it('is none where nothing is known', () => {
    expect(nearestName('ttl', [])).toBeUndefined();
  });
});
