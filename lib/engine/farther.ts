import type { Clock } from '../core/clock.js';
import type { Journal } from '../coherence/journal.js';
import type { Reporter } from '../observe/reporter.js';
import type { FarChain, FoundCopy } from '../tiers/far-chain.js';
import type { SharedFind, SharedRequest, SharedValue, StoredCopy, Voucher } from '../tiers/shared-tier.js';
import type { Drain } from './drain.js';

/** What going farther works with. */
export interface FartherParts {
  readonly clock: Clock;
  readonly chain: FarChain;
  readonly voucher: Voucher;
  readonly journal: Journal;
  readonly drain: Drain;
  readonly reporter: Reporter;
  /** How the tiers are to call a key. */
  readonly nameOf: (key: string) => string;
}

/** A value that a tier behind the shared one had, the mark of the record that it was, and the tier. */
export interface Recovered extends SharedFind {
  readonly found: SharedValue;
  readonly tier: string;
}

/** Goes beyond the shared tier, which vouches for what is found there. */
export class Farther {
  readonly #parts: FartherParts;

  constructor(parts: FartherParts) {
    this.#parts = parts;
  }

  /** Never rejects. Only what is fresh is an answer. */
  async find(request: SharedRequest): Promise<Recovered | undefined> {
    const { chain, nameOf, reporter } = this.#parts;
    const name = nameOf(request.key);
    for await (const copy of chain.copiesOf(name)) {
      try {
        const recovered = await this.#judge(request, copy);
        if (recovered === undefined) continue;
        this.#keep(name, { bytes: copy.bytes, freshUntil: recovered.found.freshUntil }, copy.above);
        return recovered;
      } catch (error) {
        reporter.error(`${copy.tier} copy`, error);
      }
    }
    return undefined;
  }

  /** Owed to the tiers, not to a caller. */
  keep(key: string, copy: StoredCopy): void {
    this.#keep(this.#parts.nameOf(key), copy);
  }

  /** To give the room back: it is no answer any more in any case. */
  drop(keys: readonly string[]): void {
    const { drain, chain, nameOf } = this.#parts;
    for (const key of keys) drain.owe(chain.drop(nameOf(key)));
  }

  /** Whoever asks must not be told what he ended himself and Redis does not know of yet. That is looked at before Redis is asked. */
  async #judge(request: SharedRequest, { bytes, tier }: FoundCopy): Promise<Recovered | undefined> {
    const { voucher, journal, clock } = this.#parts;
    const copy = voucher.open(bytes, request);
    if (journal.blocks(request.key, copy.tags)) return undefined;
    const found = await copy.value();
    if (found === undefined || found.freshUntil <= clock.now()) return undefined;
    return { found, mark: copy.mark, tier };
  }

  #keep(name: string, { bytes, freshUntil }: StoredCopy, first?: number): void {
    const { drain, chain, clock } = this.#parts;
    const ttlMs = Math.ceil(freshUntil - clock.now());
    if (ttlMs > 0 && first !== 0) drain.owe(chain.keep(name, { bytes, ttlMs }, first));
  }
}
