import type { FarTier } from '../../lib/index.js';
import type { Draws } from './draws.js';
import type { Scheduler } from './scheduler.js';
import type { SimulatedProcess } from './simulated-process.js';

/** Takes longer than anybody waits for it. */
const TOO_LONG = 900;

/** What lies in a far tier, for all processes: also what was overwritten or deleted, for one that mixes things up. */
export class FarRoom {
  readonly #scheduler: Scheduler;
  readonly #draws: Draws;
  readonly #kept = new Map<string, Uint8Array>();
  readonly #former = new Map<string, Uint8Array[]>();
  /** How often something goes wrong, of the faults below each. */
  faults: number;

  constructor(parts: { scheduler: Scheduler; draws: Draws }, faults: number) {
    this.#scheduler = parts.scheduler;
    this.#draws = parts.draws;
    this.faults = faults;
  }

  /** As one process sees it. */
  seenBy(process: SimulatedProcess): FarTier {
    return {
      name: 'far',
      get: (key) => this.#ask(process, () => this.#get(key)),
      set: (key, bytes) => this.#ask(process, () => this.#set(key, bytes)),
      delete: (key) => this.#ask(process, () => this.#delete(key)),
    };
  }

  #get(key: string): Uint8Array | undefined {
    if (!this.#goesWrong()) return this.#kept.get(key);
    const former = this.#former.get(key) ?? [];
    return this.#draws.chance(0.8) ? this.#draws.one(former) : Uint8Array.of(1, 2, 3);
  }

  #set(key: string, bytes: Uint8Array): void {
    const former = this.#former.get(key) ?? [];
    former.push(bytes);
    this.#former.set(key, former);
    if (!this.#goesWrong()) this.#kept.set(key, bytes);
  }

  #delete(key: string): void {
    if (!this.#goesWrong()) this.#kept.delete(key);
  }

  /** It is done at some moment, be it then without an answer, or long after nobody waits for it any more. */
  #ask<T>(process: SimulatedProcess, act: () => T): Promise<T> {
    const [isSlow, isMute, fails] = [this.#goesWrong(), this.#goesWrong(), this.#goesWrong()];
    const doneAt = this.#scheduler.now + (isSlow ? this.#draws.between(100, TOO_LONG) : this.#draws.between(0, 8));
    const answeredAt = doneAt + this.#draws.between(0, 8);
    return new Promise((resolve, reject) => {
      const run = (): void => {
        const answer = act();
        if (isMute) return;
        const arrived = (): void => (fails ? reject(new Error('the far tier fails')) : resolve(answer));
        process.arrives(answeredAt, arrived);
      };
      this.#scheduler.at(doneAt, { kind: 'network', owner: undefined, run });
    });
  }

  #goesWrong(): boolean {
    return this.faults > 0 && this.#draws.chance(this.faults);
  }
}
