import { nameOf } from './keys.js';

/** Digests whose text is remembered. */
const CAPACITY = 10_000;

/** What names in messages stand for. Most say it themselves; digests are remembered when their text is met. */
export class DigestNames {
  readonly #texts = new Map<string, string>();
  #hasForgotten = false;

  /** To be called with every key and tag that memory may come to hold. */
  learn(text: string): void {
    const name = nameOf(text);
    if (isPlain(name) || this.#texts.has(name)) return;
    if (this.#texts.size >= CAPACITY) {
      this.#hasForgotten = true;
      this.#texts.clear();
    }
    this.#texts.set(name, text);
  }

  /** The text; undefined: it was never met, so that nothing here can bear it; `forgotten`: it may have been. */
  textOf(name: string): string | undefined | typeof FORGOTTEN {
    if (isPlain(name)) return name.slice(2);
    return this.#texts.get(name) ?? (this.#hasForgotten ? FORGOTTEN : undefined);
  }
}

export const FORGOTTEN = Symbol('forgotten');

function isPlain(name: string): boolean {
  return name.startsWith('k:');
}
