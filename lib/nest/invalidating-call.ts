import { concat, concatMap, defer, finalize, ignoreElements, isObservable, type Observable, tap } from 'rxjs';
import { LayerCacheKeyError } from '../core/errors.js';
import { FunctionFault, runDecoratorFunction } from './faults.js';
import type { LayerCaches } from './layer-caches.js';
import { type Method, type MethodDeclaration, whereOf } from './method-declaration.js';
import { resultTagsOf, tagsOf } from './tags.js';

/** One call of a method that invalidates. */
export class InvalidatingCall {
  /** Of every application that is to be told. */
  readonly #caches: readonly LayerCaches[];
  readonly #declaration: MethodDeclaration;
  readonly #run: () => unknown;
  readonly #self: object;
  readonly #args: readonly unknown[];
  readonly #where: string;

  constructor(
    caches: readonly LayerCaches[],
    declaration: MethodDeclaration,
    original: Method,
    { self, args }: { readonly self: object; readonly args: readonly unknown[] },
  ) {
    this.#caches = caches;
    this.#declaration = declaration;
    this.#run = () => original.apply(self, args as unknown[]);
    this.#self = self;
    this.#where = whereOf(self, declaration);
    this.#args = args;
  }

  answer(): unknown {
    return this.#declaration.returnsObservable ? this.#observe() : this.#await();
  }

  async #await(): Promise<unknown> {
    const tags = this.#tags();
    const result = await this.#run();
    if (isObservable(result)) {
      this.#caches[0]?.warn(
        `${this.#where} returns an Observable; its callers get a promise. Write its return type as Observable<…>, imported as a value, for one.`,
      );
      return this.#followed(result, tags);
    }
    await this.#invalidate(tags, result);
    return result;
  }

  #observe(): Observable<unknown> {
    return defer(() => {
      const tags = this.#tags();
      return this.#followed(this.#run() as Observable<unknown>, tags);
    });
  }

  /**
   * Mirrors the source. The first value is held until it has invalidated, because its reader may leave with it. Where there
   * was none, or several, the end invalidates as well, with the last. So does a reader who leaves before: something may have
   * been written.
   */
  #followed(source: Observable<unknown>, tags: readonly string[]): Observable<unknown> {
    return defer(() => {
      const emitted = { count: 0, last: undefined as unknown, isOver: false };
      const values = source.pipe(
        tap({
          next: (value) => {
            emitted.count++;
            emitted.last = value;
          },
          error: () => (emitted.isOver = true),
        }),
        concatMap(async (value, index) => {
          if (index === 0) await this.#invalidate(tags, value);
          return value;
        }),
      );
      const end = defer(async () => {
        emitted.isOver = true;
        if (emitted.count !== 1) await this.#invalidate(tags, emitted.last);
      }).pipe(ignoreElements());
      return concat(values, end).pipe(
        finalize(() => {
          if (!emitted.isOver && emitted.count !== 1) void this.#invalidate(tags, emitted.last);
        }),
      );
    });
  }

  /** Before the method runs: a mistake in them must not leave something written that nobody was told of. */
  #tags(): readonly string[] {
    return atCall(this.#where, () => tagsOf(this.#declaration.invalidated, this.#self, this.#args));
  }

  /** The method has succeeded, and its caller is to hear so, whatever becomes of the invalidation. */
  async #invalidate(tags: readonly string[], result: unknown): Promise<void> {
    const { resultInvalidated } = this.#declaration;
    const which = `the tag function of @InvalidateTags.ofResult on ${this.#where}`;
    let all: readonly string[];
    try {
      const parts = { result, args: this.#args };
      const more = runDecoratorFunction(which, () => resultTagsOf(resultInvalidated, this.#self, parts));
      all = [...tags, ...more];
    } catch (error) {
      const cause = error instanceof FunctionFault ? error.cause : error;
      await Promise.all(this.#caches.map((caches) => caches.clear(`${which} failed`, cause)));
      return;
    }
    if (all.length > 0) await Promise.all(this.#caches.map((caches) => caches.invalidateTags(all)));
  }
}

/** A tag that is none says of which method it was. What a tag function throws itself is its own to say. */
function atCall<T>(where: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw error instanceof LayerCacheKeyError ? new LayerCacheKeyError(`${where}: ${error.message}`) : error;
  }
}
