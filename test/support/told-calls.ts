import type { Answered } from '../../lib/engine/call.js';
import type { Loader } from '../../lib/engine/load-context.js';
import type { CachePolicyOptions, LayerCache } from '../../lib/index.js';

/** How calls of one function were answered, in order: by what, and what it says. */
export class ToldCalls {
  readonly #reads: ReturnType<LayerCache['bind']>;
  readonly all: (readonly [by: Answered['by'], value: unknown])[] = [];

  constructor({ cache }: { readonly cache: LayerCache }, options?: CachePolicyOptions) {
    this.#reads = cache.bind('find', options);
  }

  /** The call that has the key `find(1)`. */
  call(load: Loader<unknown>): Promise<unknown> {
    const reads = this.#reads;
    const answer = reads.read({
      ...{ key: 'find(1)', args: [1], load, runUncached: () => 'not cached' },
      policy: () => reads.policy,
      onAnswered: ({ by, entry }) => void this.all.push([by, entry.value]),
    });
    return Promise.resolve(answer);
  }
}
