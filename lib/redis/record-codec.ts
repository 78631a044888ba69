import type { Serializer } from '../policy/redis-options.js';
import type { SharedMark, SharedValue } from '../tiers/shared-tier.js';
import { type Decoded, decodeRecord, encodeRecord, type RecordParts } from '../wire/entry-codec.js';
import { STAMP_AT, STAMP_LENGTH } from '../wire/record-layout.js';
import { encodeValue } from '../wire/value-codec.js';
import type { RevivedClass } from '../wire/value-writer.js';
import { UnreadableError } from '../wire/wire-errors.js';
import { readForeign, writeForeign } from './foreign-body.js';
import type { ServerClock } from './server-clock.js';

export interface RecordCodecParts {
  readonly serverClock: ServerClock;
  readonly serializer: Serializer | undefined;
  /** 12 characters that nobody had before. */
  readonly stamp: () => string;
}

/** Turns values with their times into records, and back: times are of the server's clock there, and of ours here. */
export class RecordCodec {
  readonly #parts: RecordCodecParts;

  constructor(parts: RecordCodecParts) {
    this.#parts = parts;
  }

  /** Throws a NotWritableError for what would not come back as it is. With a mark it is the record that had it, written again. */
  encode(key: string, given: SharedValue, type: RevivedClass | undefined, mark?: SharedMark): RecordParts {
    const { serverClock, stamp } = this.#parts;
    const { value, tags, ...times } = given;
    return encodeRecord({
      key,
      stamp: mark?.toString('latin1') ?? stamp(),
      tags,
      born: serverClock.toServer(times.born),
      freshUntil: serverClock.toServer(times.freshUntil),
      staleWhileRevalidate: times.staleWhileRevalidate,
      staleIfError: times.staleIfError,
      loadMs: times.loadMs,
      body: value === null || value === undefined ? value : this.#bodyOf(value, type),
    });
  }

  /** Throws for a record that is none of ours, is broken, or is of another key. */
  decode(bytes: Buffer, key: string): Decoded {
    const decoded = decodeRecord(bytes, key);
    if (decoded.refused === undefined) return decoded;
    throw new UnreadableError(`it fails the check of its ${decoded.refused}`);
  }

  valueOf(decoded: Decoded, type: RevivedClass | undefined): SharedValue {
    const { serverClock } = this.#parts;
    return {
      value: this.#valueOf(decoded, type),
      tags: decoded.tags,
      born: serverClock.toLocal(decoded.born),
      freshUntil: serverClock.toLocal(decoded.freshUntil),
      staleWhileRevalidate: decoded.staleWhileRevalidate,
      staleIfError: decoded.staleIfError,
      loadMs: decoded.loadMs,
    };
  }

  #bodyOf(value: unknown, type: RevivedClass | undefined): Uint8Array {
    const { serializer } = this.#parts;
    return serializer === undefined ? encodeValue(value, undefined, type) : writeForeign(value, serializer);
  }

  #valueOf(decoded: Decoded, type: RevivedClass | undefined): unknown {
    const { serializer } = this.#parts;
    if (serializer === undefined || decoded.negative) return decoded.value(type);
    return readForeign(decoded.body(), serializer);
  }
}

/** What stands where a record has its stamp, whatever it is. */
export function markOf(bytes: Buffer | undefined): SharedMark {
  const stamp = bytes?.subarray(STAMP_AT, STAMP_AT + STAMP_LENGTH);
  return stamp === undefined || stamp.length === 0 ? undefined : Buffer.from(stamp);
}
