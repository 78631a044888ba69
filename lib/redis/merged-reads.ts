import type { ScriptCall, ScriptPort } from './scripts.js';

/** What one key, or several, hold. */
type Values = readonly (Buffer | null)[];

/** Many keys at once keep a server from others; what is beyond these goes into a command of its own. */
const MOST_KEYS = 500;

/** One command in the making. */
class Batch {
  readonly keys: string[] = [];
  readonly readers: Reader[] = [];
  readonly #places = new Map<string, number>();

  /** Keys that many ask for, such as the state, are asked for once. */
  placeOf(key: string): number {
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    const place = this.keys.push(key) - 1;
    this.#places.set(key, place);
    return place;
  }
}

class Reader {
  readonly #places: readonly number[];
  readonly #resolve: (values: Values) => void;
  readonly reject: (error: Error) => void;

  constructor(places: readonly number[], resolve: (values: Values) => void, reject: (error: Error) => void) {
    this.#places = places;
    this.#resolve = resolve;
    this.reject = reject;
  }

  answer(values: Values): void {
    const own: (Buffer | null)[] = [];
    for (const place of this.#places) own.push(values[place] ?? null);
    this.#resolve(own);
  }
}

/** Makes one command of all that is read at the same time: a command costs more than what it brings. */
export class MergedReads implements ScriptPort {
  readonly #port: ScriptPort;
  #batch: Batch | undefined;

  constructor(port: ScriptPort) {
    this.#port = port;
  }

  run(call: ScriptCall): Promise<unknown> {
    return this.#port.run(call);
  }

  mget(keys: readonly string[]): Promise<Values> {
    return new Promise((resolve, reject) => {
      const batch = this.#batch ?? this.#begin();
      const places: number[] = [];
      for (const key of keys) places.push(batch.placeOf(key));
      batch.readers.push(new Reader(places, resolve, reject));
      if (batch.keys.length >= MOST_KEYS) this.#end(batch);
    });
  }

  #begin(): Batch {
    const batch = new Batch();
    this.#batch = batch;
    // After those that were answered together with this reader, and read again as he does.
    void Promise.resolve()
      .then(() => undefined)
      .then(() => this.#end(batch));
    return batch;
  }

  #end(batch: Batch): void {
    if (this.#batch === batch) this.#batch = undefined;
    const readers = batch.readers.splice(0);
    if (readers.length === 0) return;
    this.#port.mget(batch.keys).then(
      (values) => {
        for (const reader of readers) reader.answer(values);
      },
      (error: unknown) => {
        for (const reader of readers) reader.reject(error as Error);
      },
    );
  }
}
