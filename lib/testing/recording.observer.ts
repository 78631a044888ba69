import { CACHE_EVENTS, type CacheEvent, type CacheObserver } from '../core/observer.js';

/** One event: the name of the observer's method and what it was called with, the cache's name first. */
export interface RecordedEvent {
  /** The method of `CacheObserver`. */
  readonly name: CacheEvent;
  /** Its arguments. */
  readonly args: readonly unknown[];
}

/** An observer that writes down everything it hears. */
export class RecordingObserver implements Required<CacheObserver> {
  /** What was heard, in order. */
  readonly events: RecordedEvent[] = [];

  declare readonly hit: Required<CacheObserver>['hit'];
  declare readonly staleHit: Required<CacheObserver>['staleHit'];
  declare readonly negativeHit: Required<CacheObserver>['negativeHit'];
  declare readonly miss: Required<CacheObserver>['miss'];
  declare readonly load: Required<CacheObserver>['load'];
  declare readonly refresh: Required<CacheObserver>['refresh'];
  declare readonly set: Required<CacheObserver>['set'];
  declare readonly invalidate: Required<CacheObserver>['invalidate'];
  declare readonly evict: Required<CacheObserver>['evict'];
  declare readonly bypass: Required<CacheObserver>['bypass'];
  declare readonly error: Required<CacheObserver>['error'];

  constructor() {
    for (const name of CACHE_EVENTS) {
      Object.defineProperty(this, name, { value: (...args: unknown[]) => void this.events.push({ name, args }) });
    }
  }

  /** The arguments of every event of one name, without the cache's. */
  of(name: CacheEvent): readonly (readonly unknown[])[] {
    return this.events.filter((event) => event.name === name).map((event) => event.args.slice(1));
  }

  /** The names of the events, in order. */
  names(): readonly CacheEvent[] {
    return this.events.map((event) => event.name);
  }

  /** Forgets what was heard. */
  clear(): void {
    this.events.length = 0;
  }
}
