/** Names are a program's own and few; of those made from data only some are remembered. */
const MOST_NAMES = 1_000;

/** The functions of which each process keeps its results for itself, so that nobody need wait for another's. */
export class SoloNames {
  readonly #names = new Set<string>();

  has(key: string): boolean {
    return this.#names.size > 0 && this.#names.has(nameOf(key));
  }

  add(key: string): void {
    if (this.#names.size < MOST_NAMES) this.#names.add(nameOf(key));
  }

  delete(key: string): void {
    if (this.#names.size > 0) this.#names.delete(nameOf(key));
  }
}

/** Without the arguments of the call. */
function nameOf(key: string): string {
  const args = key.indexOf('(');
  return args < 0 ? key : key.slice(0, args);
}
