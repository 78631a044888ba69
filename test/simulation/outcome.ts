/** What came of a command. */
export class Outcome {
  readonly #value: unknown;
  readonly #error: Error | undefined;

  private constructor(value: unknown, error: Error | undefined) {
    this.#value = value;
    this.#error = error;
  }

  static of(run: () => unknown): Outcome {
    try {
      return new Outcome(run(), undefined);
    } catch (error) {
      return new Outcome(undefined, error as Error);
    }
  }

  tell(resolve: (value: unknown) => void, reject: (error: Error) => void): void {
    if (this.#error === undefined) resolve(this.#value);
    else reject(this.#error);
  }

  shown(): string {
    return this.#error?.message ?? shown(this.#value);
  }
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(shown).join(', ')}]`;
  if (!Buffer.isBuffer(value)) return String(value);
  return value.length > 120 ? `${value.length} bytes` : value.toString('latin1').replaceAll(/[^ -~]/g, '.');
}
