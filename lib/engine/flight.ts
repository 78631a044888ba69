import type { Entry } from '../core/entry.js';
import { TurnoverMap } from '../core/turnover-map.js';
import type { LoadSlots, Slot, Turn } from './load-slots.js';

/** One load on its way, from the call that started it until its result is there or it was given up. */
export class Flight {
  readonly key: string;
  /** The key as its caller gave it, without the context: for messages. */
  readonly name: string;
  /** The tags known before the load, those of the value it is to replace included; its result may bring more. */
  readonly tags: readonly string[];
  /** The flights of the cache it belongs to. */
  readonly cache: Flights;
  /** Settles with the entry made of the result, stored or not, or rejects with why there is none. */
  readonly landing: Promise<Entry>;
  /** The last invalidation known when the load began; undefined while it waits for its turn. */
  position: number | undefined;
  /** When it did. */
  began = 0;
  turn: Turn | undefined;
  slot: Slot | undefined;
  /** Whether what it loaded was stored. */
  isStored = false;
  /** Whether another process had loaded it. */
  isFound = false;
  /** The tier behind the shared one that still had it. */
  foundIn: string | undefined;
  /** What it is to replace. */
  readonly old: Entry | undefined;
  /** Whether it loads, whatever others have. */
  readonly isForced: boolean;
  /** Whether somebody was told of its failure, or will be. */
  failureIsTold = false;
  /**
   * What asynchronous contexts remember in its stead. Promises made inside a load keep its context as long as they live;
   * a load that was started from there would keep that one alive, and so on without end, if it were this object itself.
   */
  readonly mark: { flight: Flight | undefined } = { flight: this };
  /** Is told when nobody waits any more. */
  onDeserted: (() => void) | undefined;
  /** Is told when another takes its place before it has begun. */
  onReplaced: ((by: Flight) => void) | undefined;
  /** The one that it ends with. */
  #leader: Flight | undefined;
  #isInvalidated = false;
  /** The load within which this one was started, where that is known and as long as both run. */
  #outer: Flight | undefined;
  /** The loads that this one waits for, where that is known, and how many of its calls wait for each. */
  readonly #waitsFor = new Map<Flight, number>();
  /** The loads that wait for this one. */
  readonly #waiters = new Set<Flight>();
  #land: (entry: Entry) => void = () => undefined;
  #fail: (reason: unknown) => void = () => undefined;
  #waiting = 0;

  constructor(
    { key, name, old, isForced }: { key: string; name: string; old: Entry | undefined; isForced: boolean },
    tags: readonly string[],
    cache: Flights,
  ) {
    this.key = key;
    this.name = name;
    this.old = old;
    this.isForced = isForced;
    this.tags = tags;
    this.cache = cache;
    this.landing = new Promise((resolve, reject) => {
      this.#land = resolve;
      this.#fail = reject;
    });
    // Its failure is told to those who wait, and by events; with nobody waiting it must not end the process.
    this.landing.catch(() => undefined);
  }

  land(entry: Entry): void {
    this.#end();
    this.#land(entry);
  }

  fail(reason: unknown): void {
    this.#end();
    this.#fail(reason);
  }

  /** Ends as another of its key does, which began later or has yet to begin. */
  endWith(leader: Flight): void {
    this.#leader = leader;
    this.onReplaced = undefined;
    this.onDeserted = this.isDeserted ? undefined : leader.join();
    this.waitFor(leader);
    this.lendTo(leader);
    leader.landing.then(
      (entry) => {
        this.position = leader.position;
        this.isStored = leader.isStored;
        this.isFound = leader.isFound;
        this.foundIn = leader.foundIn;
        this.land(entry);
      },
      (reason: unknown) => this.fail(reason),
    );
  }

  /** Whether its key was invalidated since it was started. */
  get isInvalidated(): boolean {
    return this.#isInvalidated || this.#leader?.isInvalidated === true;
  }

  invalidated(): void {
    this.#isInvalidated = true;
  }

  /** Whether nobody waits for it. */
  get isDeserted(): boolean {
    return this.#waiting === 0;
  }

  /** Counts somebody who waits; the answer says that he has left before the end. */
  join(): () => void {
    this.#waiting++;
    return () => {
      this.#waiting--;
      if (this.#waiting === 0) this.onDeserted?.();
    };
  }

  /** Says that this flight was started within `outer`, which now waits for it or soon will. */
  startWithin(outer: Flight): void {
    this.#outer = outer;
    outer.#waitsFor.set(this, 0);
    this.#waiters.add(outer);
  }

  /** Says that a call of this load waits for another; the answer, that it does no longer. */
  waitFor(other: Flight): () => void {
    other.#waiters.add(this);
    this.#waitsFor.set(other, (this.#waitsFor.get(other) ?? 0) + 1);
    return () => {
      const calls = (this.#waitsFor.get(other) ?? 0) - 1;
      if (calls > 0) this.#waitsFor.set(other, calls);
      else this.#forget(other);
    };
  }

  /** The loads around this one, itself first. */
  chain(): Iterable<Flight> {
    return Flight.#outwards(this);
  }

  static *#outwards(from: Flight): Iterable<Flight> {
    let flight: Flight | undefined = from;
    // One that is over is nobody's outer load any more, though what it left behind still runs.
    for (; flight?.mark.flight !== undefined; flight = flight.#outer) yield flight;
  }

  /** It waits for its turn, after others have come to wait for it: they lend it theirs. */
  enterQueue(turn: Turn): void {
    this.turn = turn;
    if (turn.state !== 'waiting') return;
    for (const slot of this.#slotsOf(turn.owner)) turn.owner.lend(slot, turn);
  }

  /** Lends the slots of this load, and of those that wait for it, to all that `other` waits for and that has not begun. */
  lendTo(other: Flight): void {
    for (const { turn } of other.#downwards()) {
      if (turn?.state !== 'waiting') continue;
      for (const slot of this.#slotsOf(turn.owner)) turn.owner.lend(slot, turn);
    }
  }

  /** Takes slots back that were lent to loads which their owners wait for no longer. */
  takeBackSlots(): void {
    for (const flight of [...this.#upwards()]) {
      const { slot } = flight;
      if (slot === undefined) continue;
      const awaited = [...flight.#downwards()];
      for (const turn of slot.hopefuls)
        if (!awaited.some((other) => other.turn === turn)) slot.owner.retract(slot, turn);
      const { borrower } = slot;
      if (borrower !== undefined && !awaited.some((other) => other.slot === borrower)) slot.owner.part(slot, borrower);
    }
  }

  /** This load and all that it waits for, be it through others. */
  *#downwards(): Iterable<Flight> {
    const met = new Set<Flight>([this]);
    for (const flight of met) {
      yield flight;
      for (const next of flight.#waitsFor.keys()) met.add(next);
    }
  }

  /** This load and all that wait for it, be it through others. */
  *#upwards(): Iterable<Flight> {
    const met = new Set<Flight>([this]);
    for (const flight of met) {
      yield flight;
      for (const next of flight.#waiters) met.add(next);
    }
  }

  /** The nearest slots of one cache among this load and those that wait for it. */
  *#slotsOf(owner: LoadSlots): Iterable<Slot> {
    const met = new Set<Flight>([this]);
    for (const flight of met) {
      if (flight.slot?.owner === owner) yield flight.slot;
      else for (const next of flight.#waiters) met.add(next);
    }
  }

  /** The names from this flight to `other` along what waits for what, or undefined when it does not wait for it. */
  pathTo(other: Flight): string[] | undefined {
    const cameFrom = new Map<Flight, Flight | undefined>([[this, undefined]]);
    for (const flight of cameFrom.keys()) {
      if (flight === other) return keysAlong(cameFrom, flight);
      for (const next of flight.#waitsFor.keys()) if (!cameFrom.has(next)) cameFrom.set(next, flight);
    }
    return undefined;
  }

  /** Lets go of what it knew of others, which may have far longer to live. */
  #end(): void {
    this.mark.flight = undefined;
    this.onDeserted = undefined;
    this.onReplaced = undefined;
    this.#outer = undefined;
    for (const other of [...this.#waitsFor.keys()]) this.#forget(other);
    for (const other of [...this.#waiters]) other.#forget(this);
  }

  #forget(other: Flight): void {
    this.#waitsFor.delete(other);
    other.#waiters.delete(this);
  }
}

function keysAlong(cameFrom: ReadonlyMap<Flight, Flight | undefined>, end: Flight): string[] {
  const keys: string[] = [];
  for (let flight: Flight | undefined = end; flight !== undefined; flight = cameFrom.get(flight))
    keys.unshift(flight.name);
  return keys;
}

/** The running load of each key. */
export class Flights {
  readonly #byKey = new TurnoverMap<string, Flight>();

  get(key: string): Flight | undefined {
    return this.#byKey.get(key);
  }

  /** Makes it the one that further callers join, in place of the one before. */
  enter(flight: Flight): void {
    const former = this.#byKey.get(flight.key);
    this.#byKey.set(flight.key, flight);
    if (former !== undefined && former.position === undefined) former.onReplaced?.(flight);
  }

  /**
   * Makes it that one again, unless another has its place, which is the answer. Where nobody has it any more, who had it alone was
   * told of an invalidation meanwhile.
   */
  enterAgain(flight: Flight): Flight | undefined {
    const other = this.#byKey.get(flight.key);
    if (other === undefined) {
      flight.invalidated();
      this.enter(flight);
    }
    return other === flight ? undefined : other;
  }

  /** Whether it still is the one that further callers join. */
  has(flight: Flight): boolean {
    return this.#byKey.get(flight.key) === flight;
  }

  /** Leaves the table, unless a later flight has taken its place. */
  leave(flight: Flight): void {
    if (this.has(flight)) this.#byKey.delete(flight.key);
  }

  /** Its key was invalidated: what has begun is joined and stored no more. What has not begun will be late enough. */
  detach(key: string): void {
    const flight = this.#byKey.get(key);
    if (flight === undefined) return;
    flight.invalidated();
    if (flight.position !== undefined) this.#byKey.delete(key);
  }
}
