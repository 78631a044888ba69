import { type EntryRecord, encodeRecord } from '../../../lib/wire/entry-codec.js';
import { encodeValue } from '../../../lib/wire/value-codec.js';

export const YEAR = 365 * 24 * 3_600_000;

/** A record with two tags, unless it is to be another. */
export function recordOf(changed: Partial<EntryRecord> = {}): EntryRecord {
  return {
    key: "UsersService.findOne('4711)",
    stamp: 'stamp-000001',
    born: 1_700_000_000_123,
    freshUntil: 1_700_000_300_123,
    staleWhileRevalidate: 30_000,
    staleIfError: YEAR,
    loadMs: 12,
    tags: ['users', 'user:4711'],
    versions: { epoch: versionOf('epoch'), tags: [versionOf('one'), versionOf('two')] },
    body: encodeValue({ id: 4711, at: new Date(1) }),
    ...changed,
  };
}

export function versionOf(name: string): string {
  return name.padEnd(32, '.');
}

/** The record as Redis holds it. */
export function bytesOf(record: EntryRecord): Buffer {
  const { head, versions, tail } = encodeRecord(record);
  return Buffer.concat([head, versions, tail]);
}
