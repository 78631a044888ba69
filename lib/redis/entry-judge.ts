import type { SharedRequest, SharedValue } from '../tiers/shared-tier.js';
import type { Decoded } from '../wire/entry-codec.js';
import type { RevivedClass } from '../wire/value-writer.js';
import { ClassNeededError } from '../wire/wire-errors.js';
import type { RecordCodec } from './record-codec.js';
import type { State, TagRecord } from './records.js';
import type { SharedScripts } from './shared-scripts.js';

/** An entry, and what was read together with it. */
export interface SeenEntry {
  readonly entry: Buffer;
  readonly state: State;
  readonly records: readonly (TagRecord | undefined)[];
}

/** Tells whether what lies under a key is an answer. What cannot be read is none, and an event. */
export class EntryJudge {
  readonly #codec: RecordCodec;
  readonly #onError: (during: string, error: unknown) => void;

  constructor(codec: RecordCodec, onError: (during: string, error: unknown) => void) {
    this.#codec = codec;
    this.#onError = onError;
  }

  /** The value of an entry, unless something invalidated it, or it is none. */
  judge(
    request: SharedRequest,
    seen: SeenEntry,
    scripts: SharedScripts,
  ): SharedValue | undefined | Promise<SharedValue | undefined> {
    const codec = this.#codec;
    try {
      const decoded = codec.decode(seen.entry, request.key);
      if (decoded.epoch !== seen.state.epoch) return undefined;
      if (decoded.tags.length === 0 && request.tags.length === 0) return codec.valueOf(decoded, request.type);
      const others = othersOf(decoded, request.tags, seen.records);
      if (others === undefined) return undefined;
      if (others.size === 0) return codec.valueOf(decoded, request.type);
      return this.#judgeOthers(decoded, others, { scripts, type: request.type });
    } catch (error) {
      return this.#unreadable(error);
    }
  }

  /** Tags that only the entry itself names are asked for once it is there. */
  async #judgeOthers(
    decoded: Decoded,
    others: ReadonlyMap<string, string>,
    { scripts, type }: { scripts: SharedScripts; type: RevivedClass | undefined },
  ): Promise<SharedValue | undefined> {
    const records = await scripts.tagRecords([...others.keys()]);
    const areCurrent = [...others.values()].every((version, index) => version === records[index]?.version);
    try {
      return areCurrent ? this.#codec.valueOf(decoded, type) : undefined;
    } catch (error) {
      return this.#unreadable(error);
    }
  }

  /** Nothing is wrong with what somebody else can read. */
  #unreadable(error: unknown): undefined {
    if (!(error instanceof ClassNeededError)) this.#onError('redis record', error);
  }
}

/**
 * The versions of those tags that are in the entry alone; undefined if one of the others is out of date. An entry without a tag
 * that is declared for it was stored before that was: nobody could invalidate it by that.
 */
function othersOf(
  decoded: Decoded,
  declared: readonly string[],
  records: readonly (TagRecord | undefined)[],
): ReadonlyMap<string, string> | undefined {
  for (let index = 0; index < declared.length; index++) {
    const at = decoded.tags.indexOf(declared[index] as string);
    if (at < 0 || decoded.versions[at] !== records[index]?.version) return undefined;
  }
  if (declared.length === decoded.tags.length) return NO_OTHERS;
  const others = new Map<string, string>();
  decoded.tags.forEach((tag, at) => {
    if (!declared.includes(tag)) others.set(tag, decoded.versions[at] as string);
  });
  return others;
}

const NO_OTHERS: ReadonlyMap<string, string> = new Map();
