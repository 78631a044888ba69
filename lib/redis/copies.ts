import type { OpenCopy, SharedRequest, SharedValue, Voucher } from '../tiers/shared-tier.js';
import type { Decoded } from '../wire/entry-codec.js';
import { DEFAULT_LIMITS } from '../wire/limits.js';
import type { RevivedClass } from '../wire/value-writer.js';
import { ClassNeededError, UnreadableError } from '../wire/wire-errors.js';
import type { RecordCodec } from './record-codec.js';
import type { Standing } from './shared-scripts.js';

export interface CopiesParts {
  /** Each bucket has a clock of its own. */
  readonly codecOf: (key: string) => RecordCodec;
  /** What Redis says of a key and of tags now. */
  readonly standing: (key: string, tags: readonly string[]) => Promise<Standing>;
}

/**
 * Vouches for copies of records. One is an answer while it is the record that was stored last, and nothing has invalidated that. Whoever
 * keeps it need not know: its stamp, its epoch and the versions of its tags are compared with what Redis has now.
 */
export class Copies implements Voucher {
  readonly #parts: CopiesParts;

  constructor(parts: CopiesParts) {
    this.#parts = parts;
  }

  open(bytes: Uint8Array, { key, tags, type }: SharedRequest): OpenCopy {
    if (bytes.length > DEFAULT_LIMITS.bytes) throw new UnreadableError('it is longer than any record');
    const { codecOf, standing } = this.#parts;
    const codec = codecOf(key);
    // Whoever handed the bytes over may use their memory again.
    const decoded = codec.decode(Buffer.from(bytes), key);
    // What was stored before a tag was declared for it could not be invalidated by that.
    const lacksTags = tags.some((tag) => !decoded.tags.includes(tag));
    return {
      tags: decoded.tags,
      mark: Buffer.from(decoded.stamp, 'latin1'),
      value: async () => {
        if (lacksTags || !isCurrent(decoded, await standing(key, decoded.tags))) return undefined;
        return valueOf(codec, decoded, type);
      },
    };
  }
}

/** Nothing is wrong with what somebody else can read. */
function valueOf(codec: RecordCodec, decoded: Decoded, type: RevivedClass | undefined): SharedValue | undefined {
  try {
    return codec.valueOf(decoded, type);
  } catch (error) {
    if (error instanceof ClassNeededError) return undefined;
    throw error;
  }
}

function isCurrent({ stamp, epoch, versions }: Decoded, { latest, state, tags }: Standing): boolean {
  return (
    latest === stamp && state?.epoch === epoch && versions.every((version, index) => version === tags[index]?.version)
  );
}
