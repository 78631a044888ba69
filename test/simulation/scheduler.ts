/** Whom events happen to. */
export interface Owner {
  /** Whether this happens to it now. If not, the owner has taken charge of it, or it is lost. */
  admits(event: SimulatedEvent): boolean;
}

/**
 * What an event is to whom it happens: his timer fires, something reaches him, or he is called. What happens on the network or
 * in a server settles no promise: nothing follows from it at the same instant.
 */
export type EventKind = 'timer' | 'arrival' | 'call' | 'network';

export class SimulatedEvent {
  at: number;
  order: number;
  readonly kind: EventKind;
  /** Undefined for what happens outside of all processes: on the network, in a server. */
  readonly owner: Owner | undefined;
  run: () => void;
  #isOff = false;

  constructor(at: number, order: number, { kind, owner, run }: Happening) {
    this.at = at;
    this.order = order;
    this.kind = kind;
    this.owner = owner;
    this.run = run;
  }

  /** It was called off, and will not happen. */
  get isOff(): boolean {
    return this.#isOff;
  }

  /** Nothing that belongs to it is kept until its instant has come: a cache calls most of its timers off. */
  callOff(): void {
    this.#isOff = true;
    this.run = nothing;
  }
}

const nothing = (): void => undefined;

export type Happening = Readonly<Pick<SimulatedEvent, 'kind' | 'owner' | 'run'>>;

/** More than a run ever needs: something goes round in circles. */
const MOST_TURNS = 400_000;

const settled = Promise.resolve();

/**
 * Virtual time. One event after the other, in the order of their instants and then of their making, and after each of them
 * everything that follows from it without further time.
 */
export class Scheduler {
  #now = 0;
  #made = 0;
  #turn = 0;
  #hash = 0;
  readonly #heap: SimulatedEvent[] = [];

  /** Milliseconds since the beginning. */
  get now(): number {
    return this.#now;
  }

  /** Counts the events: what is done in one turn was done at once. */
  get turn(): number {
    return this.#turn;
  }

  /** Of all that was noted so far: two runs with the same hash had the same history. */
  get hash(): string {
    return (this.#hash >>> 0).toString(16).padStart(8, '0');
  }

  note(what: number): void {
    this.#hash = Math.imul(this.#hash ^ what, 0x01000193) ^ (this.#hash >>> 15);
  }

  at(instant: number, happening: Happening): SimulatedEvent {
    const event = new SimulatedEvent(instant > this.#now ? instant : this.#now, this.#made++, happening);
    this.#push(event);
    return event;
  }

  /** What was held back happens now, behind all that is due at this instant. */
  again(event: SimulatedEvent): void {
    event.at = this.#now;
    event.order = this.#made++;
    this.#push(event);
  }

  /** Lets time pass up to an instant. */
  run(until: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const tick = (): void => process.nextTick(step);
      const step = (): void => {
        try {
          let happened = this.#happen(until);
          while (happened === 'network') happened = this.#happen(until);
          if (happened === undefined) return resolve();
        } catch (error) {
          return reject(error as Error);
        }
        // A tick queued by a microtask begins when no microtask is left: six times as fast as `setImmediate`.
        void settled.then(tick);
      };
      process.nextTick(step);
    });
  }

  /** Runs the next event that happens to somebody, and says of what kind it was; undefined when there is none up to then. */
  #happen(until: number): EventKind | undefined {
    for (let next = this.#heap[0]; next !== undefined && next.at <= until; next = this.#heap[0]) {
      this.#pop();
      if (next.isOff) continue;
      this.#now = next.at;
      if (next.owner !== undefined && !next.owner.admits(next)) continue;
      this.#turn++;
      if (this.#turn > MOST_TURNS) throw new Error('there is no end of events');
      this.note(next.at * 1_000);
      next.run();
      return next.kind;
    }
    this.#now = until;
    return undefined;
  }

  #push(event: SimulatedEvent): void {
    const heap = this.#heap;
    let index = heap.length;
    heap.push(event);
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = heap[above] as SimulatedEvent;
      if (isBefore(parent, event)) break;
      heap[index] = parent;
      index = above;
    }
    heap[index] = event;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop() as SimulatedEvent;
    if (heap.length === 0) return;
    let index = 0;
    for (;;) {
      let below = 2 * index + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && isBefore(heap[below + 1] as SimulatedEvent, heap[below] as SimulatedEvent))
        below++;
      const child = heap[below] as SimulatedEvent;
      if (isBefore(last, child)) break;
      heap[index] = child;
      index = below;
    }
    heap[index] = last;
  }
}

function isBefore(one: SimulatedEvent, other: SimulatedEvent): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}
