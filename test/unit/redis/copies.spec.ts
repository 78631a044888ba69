import { describe, expect, it } from '@jest/globals';
import { Copies } from '../../../lib/redis/copies.js';
import type { Standing } from '../../../lib/redis/shared-scripts.js';
import type { SharedRequest } from '../../../lib/tiers/shared-tier.js';
import { codecWith, EPOCH, entryOf, valueOf, versionOf } from './records-world.js';

class Money {
  constructor(readonly amount: number) {}
}

const REQUEST: SharedRequest = { key: 'k', tags: [], type: undefined };
const VALUE = valueOf({ tags: ['red', 'blue'] });
/** What the first record that a codec writes is judged by while nothing has ended it. */
const STANDING: Standing = {
  state: { epoch: EPOCH, sid: versionOf('sid'), n: 1 },
  latest: '0'.padStart(12, 's'),
  tags: ['red', 'blue'].map((tag) => ({ version: versionOf(tag), n: 1 })),
};

function copiesIn(standing: Standing): { copies: Copies; bytes: Buffer; asked: unknown[] } {
  const codec = codecWith();
  const asked: unknown[] = [];
  const ask = (...all: unknown[]): Promise<Standing> => {
    asked.push(all);
    return Promise.resolve(standing);
  };
  return { copies: new Copies({ codecOf: () => codec, standing: ask }), bytes: entryOf(codec, 'k', VALUE), asked };
}

describe('A copy of a record', () => {
  it('is an answer while it is the latest and nothing has ended it, which is asked for once', async () => {
    const { copies, bytes, asked } = copiesIn(STANDING);
    const copy = copies.open(bytes, REQUEST);
    expect([copy.tags, copy.mark?.toString(), asked]).toEqual([['red', 'blue'], STANDING.latest, []]);
    expect(await copy.value()).toEqual(VALUE);
    expect(asked).toEqual([['k', ['red', 'blue']]]);
  });

  it.each<[words: string, standing: Partial<Standing>]>([
    ['of another stamp', { latest: '1'.padStart(12, 's') }],
    ['of a key without a latest record', { latest: undefined }],
    ['of another epoch', { state: { epoch: versionOf('other'), sid: versionOf('sid'), n: 1 } }],
    ['where there is no state', { state: undefined }],
    ['with another version of a tag', { tags: [STANDING.tags[0], { version: versionOf('new'), n: 2 }] }],
    ['with a tag that has no record', { tags: [undefined, STANDING.tags[1]] }],
    ['with a tag of which nothing was said', { tags: [STANDING.tags[0]] }],
  ])('is none %s', async (_words, changed) => {
    const { copies, bytes } = copiesIn({ ...STANDING, ...changed });
    expect(await copies.open(bytes, REQUEST).value()).toBe(undefined);
  });

  it('is none without a tag that is asked for, and Redis need not say so', async () => {
    const { copies, bytes, asked } = copiesIn(STANDING);
    expect(await copies.open(bytes, { ...REQUEST, tags: ['red', 'green'] }).value()).toBe(undefined);
    expect(asked).toEqual([]);
  });

  it('is opened of any bytes that are one, and stays what it was when their memory is used again', async () => {
    const { copies, bytes } = copiesIn(STANDING);
    const given = Uint8Array.from([9, ...bytes, 9]).subarray(1, -1);
    const copy = copies.open(given, REQUEST);
    given.fill(0);
    expect(await copy.value()).toEqual(VALUE);
  });

  it('of another key is not opened', () => {
    const { copies, bytes } = copiesIn(STANDING);
    expect(() => copies.open(bytes, { ...REQUEST, key: 'K' })).toThrow('check of its key');
  });

  it('of an instance is an answer to who names its class, and nothing to the others', async () => {
    const codec = codecWith();
    const copies = new Copies({ codecOf: () => codec, standing: () => Promise.resolve({ ...STANDING, tags: [] }) });
    const bytes = entryOf(codec, 'k', valueOf({ value: new Money(5) }), Money);
    const found = await copies.open(bytes, { ...REQUEST, type: Money }).value();
    expect(found?.value).toBeInstanceOf(Money);
    expect(await copies.open(bytes, REQUEST).value()).toBe(undefined);
  });
});
