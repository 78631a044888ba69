interface Listening {
  readonly callers: Set<() => void>;
  readonly listener: () => void;
}

/** Listens to signals, once to each: Node warns of a leak when a dozen callers listen to one, as they do to a request's. */
export class Aborts {
  readonly #listening = new WeakMap<AbortSignal, Listening>();

  /** The same promise, but for a caller who may leave before it settles. */
  untilAborted<T>(wait: Promise<T>, signal: AbortSignal, leave: () => void): Promise<T> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        reject(signal.reason as Error);
        leave();
      };
      wait.then(resolve, reject);
      // The start of the wait may itself have led to the abort.
      if (signal.aborted) return onAbort();
      const stop = this.#listen(signal, onAbort);
      wait.then(stop, stop);
    });
  }

  #listen(signal: AbortSignal, onAbort: () => void): () => void {
    const { callers, listener } = this.#listening.get(signal) ?? this.#firstListen(signal);
    callers.add(onAbort);
    return () => {
      callers.delete(onAbort);
      if (callers.size > 0) return;
      this.#listening.delete(signal);
      signal.removeEventListener('abort', listener);
    };
  }

  #firstListen(signal: AbortSignal): Listening {
    const callers = new Set<() => void>();
    const listener = (): void => {
      this.#listening.delete(signal);
      for (const onAbort of callers) onAbort();
    };
    const listening = { callers, listener };
    this.#listening.set(signal, listening);
    signal.addEventListener('abort', listener, { once: true });
    return listening;
  }
}
