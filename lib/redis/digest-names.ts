import { isPlain, nameOf } from './keys.js';

interface Named {
  readonly name: string;
  /** How many entries bear it. */
  bearers: number;
}

/** What memory holds, as far as messages call it by a digest. */
export class DigestNames {
  readonly #byText = new Map<string, Named>();
  readonly #textByName = new Map<string, string>();

  /** An entry came into memory. */
  learn({ key, tags }: { readonly key: string; readonly tags: readonly string[] }): void {
    this.#learn(key);
    for (const tag of tags) this.#learn(tag);
  }

  /** An entry left it. */
  forget({ key, tags }: { readonly key: string; readonly tags: readonly string[] }): void {
    if (this.#byText.size === 0) return;
    this.#forget(key);
    for (const tag of tags) this.#forget(tag);
  }

  clear(): void {
    this.#byText.clear();
    this.#textByName.clear();
  }

  /** What a message calls by this name; undefined: by a digest that nothing in memory has. */
  textOf(name: string): string | undefined {
    return name.startsWith('k:') ? name.slice(2) : this.#textByName.get(name);
  }

  #learn(text: string): void {
    if (isPlain(text)) return;
    const known = this.#byText.get(text);
    if (known !== undefined) {
      known.bearers++;
      return;
    }
    const name = nameOf(text);
    this.#byText.set(text, { name, bearers: 1 });
    this.#textByName.set(name, text);
  }

  #forget(text: string): void {
    const known = this.#byText.get(text);
    if (known === undefined || --known.bearers > 0) return;
    this.#byText.delete(text);
    this.#textByName.delete(known.name);
  }
}

const NONE: readonly string[] = [];

/** The names of those that messages call by a digest. */
export function digestsOf(key: string, tags: readonly string[]): readonly string[] {
  if (isPlain(key) && tags.every(isPlain)) return NONE;
  return [key, ...tags].filter((text) => !isPlain(text)).map(nameOf);
}
