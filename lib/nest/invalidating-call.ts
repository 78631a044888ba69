import { isObservable, Observable, type Subscriber } from 'rxjs';
import { FunctionFault, runDecoratorFunction } from './faults.js';
import type { LayerCaches } from './layer-caches.js';
import type { Method, MethodDeclaration } from './method-declaration.js';
import { resultTagsOf, tagsOf } from './tags.js';

/** One call of a method that invalidates. */
export class InvalidatingCall {
  readonly #caches: LayerCaches;
  readonly #declaration: MethodDeclaration;
  readonly #run: () => unknown;
  readonly #self: object;
  readonly #args: readonly unknown[];

  constructor(
    caches: LayerCaches,
    declaration: MethodDeclaration,
    original: Method,
    { self, args }: { readonly self: object; readonly args: readonly unknown[] },
  ) {
    this.#caches = caches;
    this.#declaration = declaration;
    this.#run = () => original.apply(self, args as unknown[]);
    this.#self = self;
    this.#args = args;
  }

  answer(): unknown {
    return this.#declaration.returnsObservable ? this.#observe() : this.#await();
  }

  async #await(): Promise<unknown> {
    const tags = this.#tags();
    const result = await this.#run();
    if (isObservable(result)) return this.#followed(result, tags);
    await this.#invalidate(tags, result);
    return result;
  }

  #observe(): Observable<unknown> {
    return new Observable((reader) => {
      let source: Observable<unknown>;
      try {
        const tags = this.#tags();
        source = this.#followed(this.#run() as Observable<unknown>, tags);
      } catch (error) {
        reader.error(error);
        return undefined;
      }
      return source.subscribe(reader);
    });
  }

  /** The same, but its end waits for the invalidation. The last value stands for the result. */
  #followed(source: Observable<unknown>, tags: readonly string[]): Observable<unknown> {
    return new Observable((reader: Subscriber<unknown>) => {
      let last: unknown;
      return source.subscribe({
        next: (value) => {
          last = value;
          reader.next(value);
        },
        error: (error: unknown) => reader.error(error),
        complete: () => void this.#invalidate(tags, last).then(() => reader.complete()),
      });
    });
  }

  /** Before the method runs: a mistake in them must not leave something written that nobody was told of. */
  #tags(): readonly string[] {
    return tagsOf(this.#declaration.invalidated, this.#self, this.#args);
  }

  /** The method has succeeded, and its caller is to hear so, whatever becomes of the invalidation. */
  async #invalidate(tags: readonly string[], result: unknown): Promise<void> {
    const { resultInvalidated, declaredIn, method } = this.#declaration;
    const which = `the tag function of @InvalidateTags.ofResult on ${declaredIn}.${method}`;
    let all: readonly string[];
    try {
      const parts = { result, args: this.#args };
      const more = runDecoratorFunction(which, () => resultTagsOf(resultInvalidated, this.#self, parts));
      all = [...tags, ...more];
    } catch (error) {
      await this.#caches.clear(which, error instanceof FunctionFault ? error.cause : error);
      return;
    }
    if (all.length > 0) await this.#caches.invalidateTags(all);
  }
}
