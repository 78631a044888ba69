import { describe, expect, it } from '@jest/globals';
import { BucketKeys, bucketOf, nameOf } from '../../../lib/redis/keys.js';
import fc from '../../support/properties.js';

const KEYS = new BucketKeys({ prefix: 'shop', cache: 'default', bucket: 3, audience: '2' });
/** Text of every kind, and much of the kind that is special to Redis. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: fc.constantFrom('{', '}', '*', '?', '[', ']', '\\', '\r', '\n', ' ', '|', ':', 'a', '\ud800') }),
  fc.string({ unit: 'grapheme-ascii', maxLength: 260 }),
);

describe('The keys of a bucket', () => {
  it('lie below one hash tag', () => {
    const all = [KEYS.entry('k:a'), KEYS.lease('k:a'), KEYS.tag('k:a'), KEYS.state, KEYS.server, KEYS.absent];
    for (const key of all) expect(key).toMatch(/^lc1:\{shop:default:3\}:/);
    expect(new Set(all).size).toBe(all.length);
  });

  it('are readable where what they are named after is', () => {
    expect(KEYS.entry(nameOf("UsersService.findOne('42)"))).toBe("lc1:{shop:default:3}:e:k:UsersService.findOne('42)");
  });

  it('leave the number of the database to the channels', () => {
    expect(KEYS.invalidations).toBe('lc1:{shop:default:3}:inv@2');
    expect(KEYS.wakes).toBe('lc1:{shop:default:3}:wake@2');
    expect(KEYS.state).toBe('lc1:{shop:default:3}:s');
  });
});

describe('The name of a key or tag', () => {
  it('is never shared by two', () => {
    expect(() =>
      fc.assert(
        fc.property(anyText, anyText, (a, b) => a === b || nameOf(a) !== nameOf(b)),
        { numRuns: 20_000 },
      ),
    ).not.toThrow();
  });

  it('holds nothing that is a slot, a pattern, an escape or a line to Redis, and is bounded', () => {
    expect(() =>
      fc.assert(
        fc.property(anyText, (text) => /^(k:[^{}*?[\]\\\s]{0,200}|[hu]:[\w-]{43})$/.test(nameOf(text))),
        { numRuns: 20_000 },
      ),
    ).not.toThrow();
  });

  it('cannot be passed for the digest of another', () => {
    const secret = 'a key with spaces';
    expect(nameOf(nameOf(secret))).not.toBe(nameOf(secret));
  });

  it('tells lone surrogates apart, which UTF-8 does not', () => {
    expect(nameOf('\ud800')).not.toBe(nameOf('\ud801'));
    expect(nameOf('\ud800')).not.toBe(nameOf('\ufffd'));
  });

  it.each(['a b', 'a{b}', 'a\r\nb', 'é', '*'])('of %j is a digest', (text) => {
    expect(nameOf(text)).toMatch(/^h:[\w-]{43}$/);
  });

  it('of the empty text is short', () => {
    expect(nameOf('')).toBe('k:');
  });

  it('is readable up to 200 characters', () => {
    expect(nameOf('x'.repeat(200))).toBe(`k:${'x'.repeat(200)}`);
    expect(nameOf('x'.repeat(201))).toMatch(/^h:[\w-]{43}$/);
  });
});

describe('The bucket of a key', () => {
  it('is the same in every release', () => {
    const buckets = ['', 'a', 'users(1)', 'users(2)', 'é', '\ud800'].map((key) => bucketOf(key, 16));
    expect(buckets).toEqual([11, 3, 11, 14, 9, 14]);
  });

  it('is one of so many, evenly', () => {
    const counts = new Array<number>(16).fill(0);
    for (let number = 0; number < 16_000; number++) {
      const bucket = bucketOf(`users('${number})`, 16);
      counts[bucket] = (counts[bucket] ?? 0) + 1;
    }
    expect(Math.min(...counts)).toBeGreaterThan(850);
    expect(Math.max(...counts)).toBeLessThan(1_150);
  });

  it('is the only one on a single Redis', () => {
    expect(bucketOf('users(1)', 1)).toBe(0);
  });
});
