import { AsyncLocalStorage } from 'node:async_hooks';
import type { Flight } from './flight.js';

/** Knows inside which load the running code was called, so far as that can be known. One for all caches of a process. */
export interface LoadChain {
  /** Whether it follows a load beyond its first await. */
  readonly complete: boolean;
  /** The load that the running code belongs to, while it is on its way; undefined also where it cannot be told. */
  current(): Flight | undefined;
  /** Runs a loader as part of its flight. */
  run<T>(flight: Flight, load: () => T): T;
}

/** Follows a load through everything it awaits. */
class AsyncLoadChain implements LoadChain {
  readonly complete = true;
  readonly #storage = new AsyncLocalStorage<Flight['mark']>();

  current(): Flight | undefined {
    return this.#storage.getStore()?.flight;
  }

  run<T>(flight: Flight, load: () => T): T {
    return this.#storage.run(flight.mark, load);
  }
}

/** Sees what a loader calls before its first await, and no more. */
class SynchronousLoadChain implements LoadChain {
  readonly complete = false;
  #current: Flight | undefined;

  current(): Flight | undefined {
    return this.#current?.mark.flight;
  }

  run<T>(flight: Flight, load: () => T): T {
    const outer = this.#current;
    this.#current = flight;
    try {
      return load();
    } finally {
      this.#current = outer;
    }
  }
}

/** The first release in which V8 itself keeps AsyncLocalStorage, and promises that do not use it pay nothing. */
const FREE_SINCE_NODE = 24;

const synchronous = new SynchronousLoadChain();
let asynchronous: AsyncLoadChain | undefined;

/**
 * The chain that a process can afford: before Node 24 the first use of AsyncLocalStorage makes every await of the process
 * dearer, which development and tests can bear and production should not.
 */
export function affordableLoadChain(nodeVersion: string, environment: string | undefined): LoadChain {
  if (Number.parseInt(nodeVersion, 10) < FREE_SINCE_NODE && environment === 'production') return synchronous;
  asynchronous ??= new AsyncLoadChain();
  return asynchronous;
}
