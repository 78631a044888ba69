import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { decodeRecord, encodeRecord } from '../../lib/wire/entry-codec.js';
import { DEFAULT_LIMITS } from '../../lib/wire/limits.js';
import { encodeValue } from '../../lib/wire/value-codec.js';
import { likenessOf } from '../unit/wire/likeness.js';
import { type StoredEntry, storedEntries } from './v1/entries.js';

const folder = `${process.cwd()}/test/wire/v1`;

function storedBytes(name: string): Buffer {
  return Buffer.from(readFileSync(`${folder}/${name}.hex`, 'latin1').replaceAll('\n', ''), 'hex');
}

function encoded({ record, value, negative, type }: StoredEntry): Buffer {
  const body = negative ? (value as null | undefined) : encodeValue(value, DEFAULT_LIMITS, type);
  const { head, versions, tail } = encodeRecord({ ...record, body });
  return Buffer.concat([head, versions, tail]);
}

describe('A record stored by the first version', () => {
  it('lies there for each meaning, and none without', () => {
    const files = readdirSync(folder).filter((file) => file.endsWith('.hex'));
    expect(new Set(files)).toEqual(new Set(Object.keys(storedEntries).map((name) => `${name}.hex`)));
  });

  it.each(Object.entries(storedEntries))('still means what it meant: %s', (name, stored) => {
    const { key, versions, ...record } = stored.record;
    const read = decodeRecord(storedBytes(name), key);
    expect(read).toMatchObject({
      ...record,
      epoch: versions.epoch,
      versions: versions.tags,
      negative: stored.negative,
    });
    expect(read.refused === undefined && likenessOf(read.value(stored.type))).toBe(likenessOf(stored.value));
  });

  it.each(Object.entries(storedEntries))('is written today with the same bytes: %s', (name, stored) => {
    expect(encoded(stored).toString('hex')).toBe(storedBytes(name).toString('hex'));
  });
});
