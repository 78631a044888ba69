import { LayerCacheError } from '../core/errors.js';
import { DEFAULT_POLICY } from '../policy/resolve-policy.js';
import { affordableLoadChain } from './load-chain.js';
import { type LoadContext, RunningLoadContext } from './load-context.js';

/** `loadContext()` was called where it can no longer be told which load the code belongs to. */
export class LateLoadContextError extends LayerCacheError {
  override readonly name = 'LateLoadContextError';
  readonly code = 'LAYERCACHE_LATE_LOAD_CONTEXT';

  constructor() {
    super(
      'loadContext() was called after an await. Call it in the first line of the method, and keep what it returns.',
    );
  }
}

let running: RunningLoadContext | undefined;

/** Runs code as part of a load: until its first await it can ask for the context. */
export function runAsLoad<T>(context: RunningLoadContext, run: () => T): T {
  const outer = running;
  running = context;
  try {
    return run();
  } finally {
    running = outer;
  }
}

/** A context whose load nobody keeps: what a method gets that runs without a cache. */
export function unkeptLoad(key: string): RunningLoadContext {
  return new RunningLoadContext(key, DEFAULT_POLICY);
}

/**
 * The context of the load that called the running method: its signal, the old value, `adapt` and `skip`. To be called before
 * the method's first await. In a method that runs without the cache it is one that changes nothing.
 * @typeParam T What is loaded.
 */
export function loadContext<T = unknown>(): LoadContext<T> {
  if (running !== undefined) return running as LoadContext<T>;
  const chain = affordableLoadChain(process.versions.node, process.env['NODE_ENV']);
  if (chain.complete && chain.current() !== undefined) throw new LateLoadContextError();
  return unkeptLoad('') as LoadContext<T>;
}
