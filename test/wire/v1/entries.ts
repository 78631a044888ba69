import type { EntryRecord } from '../../../lib/wire/entry-codec.js';
import type { RevivedClass } from '../../../lib/wire/value-writer.js';

/** What a stored record means. The bytes lie beside this file, under the same name. */
export interface StoredEntry {
  readonly record: Omit<EntryRecord, 'body' | 'versions'> & Required<Pick<EntryRecord, 'versions'>>;
  readonly value: unknown;
  readonly negative: boolean;
  readonly type?: RevivedClass;
}

export class Harbour {
  constructor(
    readonly name: string,
    readonly opened: Date,
  ) {}
}

const YEAR = 31_536_000_000;

const record: StoredEntry['record'] = {
  key: "UsersService.findOne('4711)",
  stamp: '0kx7Qz-_9aB~',
  born: 1_700_000_000_123,
  freshUntil: 1_700_000_300_123,
  staleWhileRevalidate: 30_000,
  staleIfError: 3_600_000,
  loadMs: 12,
  tags: ['users', 'user:4711'],
  versions: {
    epoch: '1699999999000000-aaaaaaaaaaaaaaa',
    tags: ['1699999999000001-bbbbbbbbbbbbbbb', '1699999999000002-ccccccccccccccc'],
  },
};
const untagged = { ...record, tags: [], versions: { epoch: record.versions.epoch, tags: [] } };

/** Never changed once released: what is written today must be read by what comes tomorrow. */
export const storedEntries: Readonly<Record<string, StoredEntry>> = {
  plain: {
    record,
    value: {
      id: 4711,
      name: 'Ada',
      roles: ['reader', 'editor'],
      active: true,
      score: -1.5e-7,
      none: null,
      ключ: '值 🦊',
    },
    negative: false,
  },
  'negative-null': { record, value: null, negative: true },
  'negative-undefined': { record: untagged, value: undefined, negative: true },
  'null-as-value': { record: untagged, value: null, negative: false },
  'awkward-texts': {
    record: {
      ...record,
      key: 'ключ\ud800',
      tags: ['', 'метка', '\udc00 half'],
      versions: { epoch: record.versions.epoch, tags: ['x', 'y', 'z'].map((unit) => unit.repeat(32)) },
    },
    value: ['half \ud800', '\u007fu', '\u0000', '"\\', ''],
    negative: false,
  },
  'long-key-and-times': {
    record: {
      ...untagged,
      key: 'long/'.repeat(300),
      born: 0,
      freshUntil: 2 ** 48 - 1,
      staleWhileRevalidate: YEAR,
      staleIfError: YEAR,
      loadMs: YEAR,
    },
    value: 1,
    negative: false,
  },
  marks: {
    record,
    value: {
      undefined: undefined,
      holes: withHole(),
      numbers: [Number.NaN, Infinity, -Infinity, -0],
      bigints: [0n, 255n, -(2n ** 70n)],
      dates: [new Date(1_700_000_000_000), new Date(-1), new Date(Number.NaN)],
      map: new Map<unknown, unknown>([
        ['b', new Set([1, 'a'])],
        [{ key: 1 }, new Map()],
      ]),
      bare: Object.assign(Object.create(null) as object, { a: { b: undefined } }),
      names: JSON.parse('{"__proto__":{"a":1},"constructor":null}') as unknown,
      nameBesideMark: { ['__proto__']: new Date(0) },
    },
    negative: false,
  },
  binary: {
    record: untagged,
    value: [
      Buffer.from('buffer'),
      new Uint8Array([1, 2]).buffer,
      new DataView(new Uint8Array([3]).buffer),
      new Int8Array([-1]),
      new Uint8Array([1]),
      new Uint8ClampedArray([255]),
      new Int16Array([-2]),
      new Uint16Array([2]),
      new Int32Array([-3]),
      new Uint32Array([3]),
      new Float32Array([0.5]),
      new Float64Array([-0.25]),
      new BigInt64Array([-4n]),
      new BigUint64Array([4n]),
      Buffer.alloc(0),
    ],
    negative: false,
  },
  instance: {
    record: untagged,
    value: new Harbour('Lisboa', new Date(1_700_000_000_000)),
    negative: false,
    type: Harbour,
  },
  instances: {
    record: untagged,
    value: [new Harbour('Lisboa', new Date(0)), null, new Harbour('Porto', new Date(1))],
    negative: false,
    type: Harbour,
  },
};

function withHole(): unknown[] {
  const items: unknown[] = [1, undefined];
  items[3] = 2;
  return items;
}
