import { strict as assert } from 'node:assert';
import type { FarTier } from '../policy/far-tier.js';
import type { ConformanceCase } from './conformance-case.js';

/** What every far tier has to do. `make` gives an empty tier, in which a few megabytes have room. */
export function farTierCases(make: () => FarTier | Promise<FarTier>): readonly ConformanceCase[] {
  return CASES.map(([name, check]) => ({
    name,
    run: async () => {
      await check(await make());
    },
  }));
}

const HOUR = 3_600_000;
const CASES: readonly (readonly [name: string, check: (tier: FarTier) => Promise<void>])[] = [
  [
    'has a name that can stand in a log',
    (tier) => {
      assert.match(tier.name, /^[A-Za-z0-9._-]{1,64}$/);
      return Promise.resolve();
    },
  ],
  [
    'has nothing at first',
    async (tier) => {
      assert.equal(await tier.get('shop:default:k:a'), undefined);
    },
  ],
  [
    'gives back every byte as it was',
    async (tier) => {
      const bytes = Uint8Array.from({ length: 512 }, (_, index) => index % 256);
      await tier.set('a', bytes, HOUR);
      await mustHold(tier, 'a', bytes);
    },
  ],
  [
    'keeps what is empty, and what is large',
    async (tier) => {
      const large = new Uint8Array(2 ** 20).map((_, index) => (index * 7) % 251);
      await tier.set('empty', new Uint8Array(0), HOUR);
      await tier.set('large', large, HOUR);
      await mustHold(tier, 'empty', new Uint8Array(0));
      await mustHold(tier, 'large', large);
    },
  ],
  [
    'takes a part of a larger buffer for what it is',
    async (tier) => {
      const whole = bytesOf('before, the part, after');
      await tier.set('a', whole.subarray(8, 16), HOUR);
      await mustHold(tier, 'a', bytesOf('the part'));
    },
  ],
  [
    'keeps one value per key, the last, be it shorter',
    async (tier) => {
      await tier.set('a', bytesOf('a first and long one'), HOUR);
      await tier.set('a', bytesOf('second'), HOUR);
      await mustHold(tier, 'a', bytesOf('second'));
    },
  ],
  [
    'holds what has a year to live, and what has a fraction of a second more than an hour',
    async (tier) => {
      await tier.set('year', bytesOf('year'), 365 * 24 * HOUR);
      await tier.set('hour', bytesOf('hour'), HOUR + 1);
      await mustHold(tier, 'year', bytesOf('year'));
      await mustHold(tier, 'hour', bytesOf('hour'));
    },
  ],
  [
    'tells keys apart by every character, and takes long and awkward ones',
    async (tier) => {
      const long = `shop:default:k:${'x'.repeat(316)}`;
      const keys = [
        'a',
        'A',
        'a/b',
        'a\\b',
        'a:b',
        '..',
        '../a',
        './a',
        'a.',
        'CON',
        '%41',
        'a%2Fb',
        `${long}1`,
        `${long}2`,
      ];
      keys.push(
        '__proto__',
        'constructor',
        '~',
        "'",
        '"',
        '$a',
        'a;b',
        'a|b',
        'a&b',
        '<a>',
        '(a)',
        '=',
        '#a',
        '@a',
        '!',
      );
      await Promise.all(keys.map((key) => tier.set(key, bytesOf(`value of ${key}`), HOUR)));
      for (const key of keys) await mustHold(tier, key, bytesOf(`value of ${key}`));
    },
  ],
  [
    'deletes one key and leaves the others',
    async (tier) => {
      await tier.set('a', bytesOf('1'), HOUR);
      await tier.set('b', bytesOf('2'), HOUR);
      await tier.delete('a');
      assert.equal(await tier.get('a'), undefined);
      await mustHold(tier, 'b', bytesOf('2'));
      await tier.set('a', bytesOf('3'), HOUR);
      await mustHold(tier, 'a', bytesOf('3'));
    },
  ],
  [
    'deletes what is not there without complaint',
    async (tier) => {
      await tier.delete('a');
      await tier.delete('a');
      assert.equal(await tier.get('a'), undefined);
    },
  ],
  [
    'keeps one of two values that are set at once, and keeps it whole',
    async (tier) => {
      const values = [1, 2, 3, 4].map((byte) => new Uint8Array(100_000 + byte).fill(byte));
      await Promise.all(values.map((value) => tier.set('a', value, HOUR)));
      const kept = await tier.get('a');
      assert.ok(
        values.some((value) => kept !== undefined && areEqual(kept, value)),
        'a mixture of several values was kept',
      );
    },
  ],
  [
    'gives readers a whole value or none while it is written and deleted',
    async (tier) => {
      const values = [1, 2].map((byte) => new Uint8Array(100_000).fill(byte));
      const work: Promise<void>[] = [];
      for (let round = 0; round < 8; round++) {
        const read = async (): Promise<void> => {
          const seen = await tier.get('a');
          assert.ok(seen === undefined || values.some((value) => areEqual(seen, value)), 'a part of a value was read');
        };
        const value = values[round % 2] as Uint8Array;
        work.push(tier.set('a', value, HOUR), read(), round % 3 === 2 ? tier.delete('a') : read());
      }
      await Promise.all(work);
    },
  ],
  [
    'works for many keys at once',
    async (tier) => {
      const keys = Array.from({ length: 60 }, (_, index) => `k${index}`);
      await Promise.all(keys.map((key) => tier.set(key, bytesOf(key), HOUR)));
      await Promise.all(keys.map((key) => mustHold(tier, key, bytesOf(key))));
      await Promise.all(keys.map((key) => tier.delete(key)));
      for (const key of keys) assert.equal(await tier.get(key), undefined);
    },
  ],
];

async function mustHold(tier: FarTier, key: string, bytes: Uint8Array): Promise<void> {
  const held = await tier.get(key);
  assert.ok(held instanceof Uint8Array, `there are no bytes under ${JSON.stringify(key)}`);
  assert.ok(areEqual(held, bytes), `other bytes came back under ${JSON.stringify(key)}`);
}

function areEqual(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
