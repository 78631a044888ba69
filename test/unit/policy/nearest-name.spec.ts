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

  it('is none where nothing is known', () => {
    expect(nearestName('ttl', [])).toBeUndefined();
  });
});
