import type { Cancel, Clock } from '../core/clock.js';

interface Alarm {
  readonly due: number;
  readonly task: () => void;
}

/** A clock that stands still until a test advances it. */
export class ManualClock implements Clock {
  #now: number;
  readonly #alarms = new Set<Alarm>();
  #advanced: Promise<void> = Promise.resolve();

  /** Starts at `now`, in milliseconds. Default 0. */
  constructor(now = 0) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, task: () => void): Cancel {
    const alarm = { due: this.#now + ms, task };
    this.#alarms.add(alarm);
    return () => this.#alarms.delete(alarm);
  }

  /** How many tasks are still to come. */
  get pending(): number {
    return this.#alarms.size;
  }

  /**
   * Moves time on by `ms` milliseconds, running what falls due in its order, each task at its own instant. Before, between
   * and after the tasks, promises that can settle without further time do so.
   */
  advance(ms: number): Promise<void> {
    if (!(ms >= 0)) return Promise.reject(new RangeError(`advance: got ${ms}, takes milliseconds from 0 on`));
    // One after the other, also when a test does not await the first.
    const advanced = this.#advanced.then(() => this.#advanceNow(ms));
    this.#advanced = advanced.catch(() => undefined);
    return advanced;
  }

  async #advanceNow(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (let next = this.#nextDue(end); next !== undefined; next = this.#nextDue(end)) {
      this.#now = Math.max(this.#now, next.due);
      this.#alarms.delete(next);
      next.task();
      await settle();
    }
    this.#now = end;
    await settle();
  }

  #nextDue(end: number): Alarm | undefined {
    let next: Alarm | undefined;
    for (const alarm of this.#alarms) {
      if (alarm.due <= end && (next === undefined || alarm.due < next.due)) next = alarm;
    }
    return next;
  }
}

/** Lets every promise that can settle do so: a turn of the event loop begins when no microtask is left. */
function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
