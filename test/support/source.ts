import type { LoadContext } from '../../lib/index.js';

/** A slow source whose answers a test gives by hand, in the order of its choosing. */
export class Source<T> {
  readonly #open: { resolve(value: T): void; reject(error: unknown): void }[] = [];
  readonly contexts: LoadContext<T>[] = [];

  /** To be handed to the cache; every call of it is one load. */
  readonly load = (context: LoadContext<T>): Promise<T> => {
    this.contexts.push(context);
    return new Promise((resolve, reject) => {
      this.#open.push({ resolve, reject });
    });
  };

  /** How often the cache has loaded. */
  get loads(): number {
    return this.contexts.length;
  }

  /** Answers the load of this number, the first being 0; without a number, the latest. */
  answer(value: T, load = this.loads - 1): void {
    this.#open[load]?.resolve(value);
  }

  fail(error: unknown, load = this.loads - 1): void {
    this.#open[load]?.reject(error);
  }
}

/** Lets every promise that can settle without further time do so. */
export function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** What became of a promise so far. */
export async function stateOf(promise: Promise<unknown>): Promise<'pending' | 'fulfilled' | 'rejected'> {
  const pending = Symbol('pending');
  await settle();
  return Promise.race([promise, Promise.resolve(pending)]).then(
    (value) => (value === pending ? 'pending' : 'fulfilled'),
    () => 'rejected',
  );
}
