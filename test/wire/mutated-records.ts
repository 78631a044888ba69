import { crc32 } from 'node:zlib';
import { type Decoded, decodeRecord, encodeRecord } from '../../lib/wire/entry-codec.js';
import { DEFAULT_LIMITS } from '../../lib/wire/limits.js';
import { encodeValue } from '../../lib/wire/value-codec.js';
import { UnreadableError } from '../../lib/wire/wire-errors.js';
import { seededRandom } from '../support/seeded-random.js';
import { type StoredEntry, storedEntries } from './v1/entries.js';

/** What became of mutated records: how often each, by the reason it was refused for. */
export type Outcomes = ReadonlyMap<string, number>;

interface Original {
  readonly entry: StoredEntry;
  readonly bytes: Buffer;
  /** What it must mean if it is taken. */
  readonly meaning: string;
}

/** Bytes that mean something to the formats. */
const TELLING = Buffer.from('\u0000\u0001\u0002\u007f"\\[]{},:0-MSNIbBdiuh\u0080\u00ff', 'latin1');
const HEAD = 48;
const VERSION = 32;
const CRC = 4;

/**
 * Changes stored records in one to four places and reads them. Throws for a record that is taken and means something else than it
 * did, and for any error but those that are due; a third of them get a checksum that fits, as somebody would forge it, and may mean
 * whatever can be read.
 */
export function readMutated(records: number, seed: number): Outcomes {
  const draw = seededRandom(seed);
  const originals = Object.values(storedEntries).map(originalOf);
  const outcomes = new Map<string, number>();
  for (let number = 0; number < records; number++) {
    const original = originals[Math.floor(draw() * originals.length)] as Original;
    const isForged = draw() < 1 / 3;
    const mutant = mutated(original.bytes, draw);
    const outcome = outcomeOf(isForged ? resealed(mutant) : mutant, original, isForged);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
  return outcomes;
}

function originalOf(entry: StoredEntry): Original {
  const body = entry.negative
    ? (entry.value as null | undefined)
    : encodeValue(entry.value, DEFAULT_LIMITS, entry.type);
  const { head, versions, tail } = encodeRecord({ ...entry.record, body });
  const bytes = Buffer.concat([head, versions, tail]);
  return { entry, bytes, meaning: meaningOf(decodeRecord(bytes, entry.record.key) as Decoded) };
}

function outcomeOf(mutant: Buffer, { entry, bytes, meaning }: Original, isForged: boolean): string {
  const read = decodeRecord(mutant, entry.record.key);
  if (read.refused !== undefined) return read.refused;
  if (!isForged) {
    if (meaningOf(read) !== meaning) throw new Error(`means something else: ${mutant.toString('hex')}`);
    return mutant.equals(bytes) ? 'unchanged' : 'taken, with other versions';
  }
  try {
    read.value(entry.type);
    return 'forged, and read';
  } catch (error) {
    if (error instanceof UnreadableError) return 'forged, and unreadable';
    throw error;
  }
}

/** All but the versions, which whoever reads compares with those in force. */
function meaningOf({
  stamp,
  born,
  freshUntil,
  staleWhileRevalidate,
  staleIfError,
  loadMs,
  tags,
  negative,
  body,
}: Decoded): string {
  const times = [born, freshUntil, staleWhileRevalidate, staleIfError, loadMs];
  return JSON.stringify([stamp, times, tags, negative, Buffer.from(body()).toString('latin1')]);
}

function mutated(original: Buffer, draw: () => number): Buffer {
  let bytes = Buffer.from(original);
  for (let left = 1 + Math.floor(draw() * 4); left > 0; left--) {
    const at = Math.floor(draw() * (bytes.length + 1));
    const to = Math.floor(draw() * (bytes.length + 1));
    const telling = TELLING[Math.floor(draw() * TELLING.length)] as number;
    switch (Math.floor(draw() * 6)) {
      case 0:
        bytes = bytes.subarray(0, at);
        break;
      case 1:
        if (at < bytes.length) bytes[at] = (bytes[at] as number) ^ (1 << Math.floor(draw() * 8));
        break;
      case 2:
        if (at < bytes.length) bytes[at] = telling;
        break;
      case 3:
        bytes = Buffer.concat([bytes.subarray(0, at), Buffer.of(telling), bytes.subarray(at)]);
        break;
      default:
        // What lies between is left out, or doubled if they are crossed.
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(to)]);
    }
  }
  return bytes;
}

function resealed(record: Buffer): Buffer {
  if (record.length < HEAD) return record;
  const tail = HEAD + VERSION * (1 + record.readUInt16BE(HEAD - 2));
  const end = record.length - CRC;
  if (tail > end) return record;
  record.writeUInt32BE(crc32(record.subarray(tail, end), crc32(record.subarray(0, HEAD))), end);
  return record;
}
