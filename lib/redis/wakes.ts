import type { SharedWait, WakeReason } from '../tiers/shared-tier.js';
import { nameOf } from './keys.js';

/** Who waits for other processes' loads, by the name of the key. */
export class Wakes {
  readonly #waiting = new Map<string, Set<(reason: WakeReason) => void>>();

  wait(key: string): SharedWait {
    const name = nameOf(key);
    const waiting = this.#waiting.get(name) ?? new Set();
    this.#waiting.set(name, waiting);
    let wake: (reason: WakeReason) => void = () => undefined;
    const woken = new Promise<WakeReason>((resolve) => {
      wake = resolve;
    });
    waiting.add(wake);
    const stop = (): void => {
      waiting.delete(wake);
      if (waiting.size === 0 && this.#waiting.get(name) === waiting) this.#waiting.delete(name);
    };
    return { woken, stop };
  }

  wake(name: string, reason: WakeReason): void {
    const waiting = this.#waiting.get(name);
    this.#waiting.delete(name);
    for (const wake of waiting ?? []) wake(reason);
  }

  wakeAll(reason: WakeReason): void {
    for (const name of [...this.#waiting.keys()]) this.wake(name, reason);
  }
}
