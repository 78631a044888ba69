import { EventEmitter } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What a process holds. */
export interface Footprint {
  /** In bytes, after all that nobody holds was let go. */
  readonly heap: number;
  readonly rss: number;
  /** What keeps it alive, and what of it that is no timer does not. */
  readonly handles: number;
  /** All that run, whether or not they keep it alive. */
  readonly timers: number;
  /** Of the process, and of all its sockets. */
  readonly listeners: number;
  /** How often each kind of resource is there. */
  readonly resources: Readonly<Record<string, number>>;
}

const timers = new Set<NodeJS.Timeout>();

/** Node tells only of timers that keep a process alive, and ours never do: so they are counted where they are made. */
function countTimers(): void {
  const { setTimeout: begin, clearTimeout: end } = globalThis;
  const counted = (task: (...all: unknown[]) => void, ms?: number, ...rest: unknown[]): NodeJS.Timeout => {
    const timer = begin(
      (...all: unknown[]) => {
        timers.delete(timer);
        task(...all);
      },
      ms,
      ...rest,
    );
    timers.add(timer);
    return timer;
  };
  globalThis.setTimeout = Object.assign(counted, begin) as unknown as typeof setTimeout;
  globalThis.clearTimeout = (timer) => {
    if (typeof timer === 'object') timers.delete(timer as NodeJS.Timeout);
    end(timer);
  };
}

countTimers();

export function footprint(): Footprint {
  collect();
  const { heapUsed, rss } = process.memoryUsage();
  const resources: Record<string, number> = {};
  for (const name of process.getActiveResourcesInfo()) resources[name] = (resources[name] ?? 0) + 1;
  const handles = (process as unknown as { _getActiveHandles(): unknown[] })._getActiveHandles();
  const emitters = [process, ...handles].filter((one): one is EventEmitter => one instanceof EventEmitter);
  const listeners = emitters.flatMap((one) => one.eventNames().map((event) => one.listenerCount(event)));
  return {
    heap: heapUsed,
    rss,
    handles: handles.length,
    timers: timers.size,
    listeners: listeners.reduce((sum, count) => sum + count, 0),
    resources,
  };
}

function collect(): void {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  // What one pass finds to be finalised the next one lets go.
  gc();
  gc();
}
