import { type Key, KEYS, tagsOf, type Tag, TAGGED, type Value } from './catalogue.js';
import type { SimulatedProcess } from './simulated-process.js';

/** One process from its birth to its end, as the history knows it. */
export interface Resident {
  readonly process: SimulatedProcess;
  /** Whether its way to what it knows of a key was whole from an instant until now. */
  couldHear(key: Key, since: number): boolean;
  /** Until when it may have talked to a server that is no primary any more. */
  readonly stuckUntil: number;
}

export interface Invalidation {
  readonly scope: 'key' | 'tag' | 'all';
  readonly name: string;
  readonly by: Resident;
  /** Its place in the order of the history. */
  readonly called: number;
  readonly calledAt: number;
  ackedAt: number | undefined;
  /** Rejected: it is still owed. */
  isOwed: boolean;
}

/** A value that was handed to `set`. */
interface Handed {
  readonly by: Resident;
  /** Its place in the order when `set` was over: until then it may come before or after what others do. */
  over: number | undefined;
  readonly calledAt: number;
}

export interface LoadRecord {
  readonly key: Key;
  readonly value: Value;
  readonly by: Resident;
  readonly beganAt: number;
  readonly isForced: boolean;
  endedAt: number | undefined;
}

/** What was called, and what came of it: everything that is judged is judged by this. */
export class History {
  readonly #byKey: Readonly<Record<Key, Invalidation[]>>;
  readonly #handed = new Map<number, Handed>();
  readonly #loads = new Map<number, LoadRecord>();
  readonly #nothings: Readonly<Record<Key, LoadRecord[]>>;
  readonly running: Readonly<Record<Key, Set<LoadRecord>>>;
  /** When a load of a key was last demanded that others do not wait for. */
  readonly forcedAt = new Map<Key, number>();
  #moment = 0;

  constructor() {
    const each = <T>(make: () => T): Record<Key, T> =>
      Object.fromEntries(KEYS.map((key) => [key, make()])) as Record<Key, T>;
    this.#byKey = each(() => []);
    this.#nothings = each(() => []);
    this.running = each(() => new Set());
  }

  /** A new place in the order of what was called and begun. */
  moment(): number {
    return ++this.#moment;
  }

  invalidate(invalidation: Pick<Invalidation, 'scope' | 'name' | 'by' | 'called' | 'calledAt'>): Invalidation {
    const known = { ...invalidation, ackedAt: undefined, isOwed: false };
    for (const key of coverable(known)) this.#byKey[key].push(known);
    return known;
  }

  /** In the order in which they were called. */
  of(key: Key): readonly Invalidation[] {
    return this.#byKey[key];
  }

  hand(value: Value, by: Resident, calledAt: number): Handed {
    const handed = { by, over: undefined, calledAt };
    this.#handed.set(value.at, handed);
    return handed;
  }

  handed(value: Value): Handed | undefined {
    return this.#handed.get(value.at);
  }

  load(record: Pick<LoadRecord, 'key' | 'value' | 'by' | 'beganAt' | 'isForced'>): LoadRecord {
    const { key, value, by, beganAt, isForced } = record;
    const load = { key, value, by, beganAt, isForced, endedAt: undefined };
    this.#loads.set(load.value.at, load);
    this.running[load.key].add(load);
    return load;
  }

  endLoad(load: LoadRecord, at: number): void {
    load.endedAt ??= at;
    this.running[load.key].delete(load);
  }

  loaded(value: Value): LoadRecord | undefined {
    return this.#loads.get(value.at);
  }

  isLoading(key: Key, by: Resident): boolean {
    for (const load of this.running[key]) if (load.by === by) return true;
    return false;
  }

  foundNothing(load: LoadRecord): void {
    this.#nothings[load.key].push(load);
  }

  /** Every "nothing" that was ever said of a key, the last one first: it does not say itself which it was. */
  nothings(key: Key): readonly Value[] {
    return this.#nothings[key].map(({ value }) => value).reverse();
  }
}

/** The keys of which an invalidation may end a value. */
function coverable({ scope, name }: Pick<Invalidation, 'scope' | 'name'>): readonly Key[] {
  if (scope === 'all') return KEYS;
  return scope === 'tag' ? TAGGED[name as Tag] : [name as Key];
}

/** Whether a value ends with an invalidation, if it came before it. */
export function covers({ scope, name }: Invalidation, value: Value): boolean {
  if (scope !== 'tag') return scope === 'all' || name === value.key;
  return tagsOf(value.key, value.row).includes(name as Tag);
}
