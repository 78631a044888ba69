import { KEYS } from './catalogue.js';
import { Counters } from './counters.js';
import { Draws } from './draws.js';
import { FaultInjector } from './fault-injector.js';
import { History, type LoadRecord } from './history.js';
import { Judge } from './judge.js';
import { Operator } from './operator.js';
import { END, type Operation, type Plan } from './plan.js';
import { Scheduler } from './scheduler.js';
import { Seat } from './seat.js';
import { ServerRoom } from './servers.js';
import { FarRoom } from './simulated-far.js';
import { SimulatedSource } from './simulated-source.js';
import type { Kit, World } from './world.js';

/** What came of it. */
export interface Run {
  readonly violations: readonly string[];
  /** The same for the same plan. */
  readonly hash: string;
  readonly trace: readonly string[];
  readonly counters: Counters;
  readonly worst: number;
  readonly events: number;
}

const MOST_VIOLATIONS = 5;
/** Of a lease that nobody gives back, where two servers' clocks are apart. */
const LONGEST_LEASE = 3_200;
/** Nobody else loads the key, and Redis is there: what could a call wait for? */
const LONGEST_AT_REST = 1_000;
/** Of one idle process: heartbeats, and what looks after them. */
const MOST_TIMERS = 12;

/** Several processes, one Redis, a network and a source, all by one plan. */
export async function simulate(plan: Plan, kit: Kit): Promise<Run> {
  return new Simulation(plan, kit).run();
}

class Simulation {
  readonly #plan: Plan;
  readonly #scheduler = new Scheduler();
  readonly #trace: string[] = [];
  readonly #violations: string[] = [];
  readonly #world: World;
  readonly #operator: Operator;
  readonly #seats: Seat[] = [];
  readonly #isTraced: boolean;
  readonly #judgesEverything: boolean;
  #born = 0;

  constructor(plan: Plan, kit: Kit) {
    this.#plan = plan;
    this.#isTraced = kit.isTraced === true;
    this.#judgesEverything = kit.judges !== 'answers';
    const { seed, settings } = plan;
    const counters = new Counters();
    const scheduler = this.#scheduler;
    const history = new History();
    const judge = new Judge(history, settings, {
      complain: (what) => this.#complain(what),
      count: (what) => counters.count(what),
    });
    const serverDraws = Draws.of(seed, 'server');
    const servers = {
      scheduler,
      without: kit.without ?? [],
      onBranch: (branch: string) => counters.countOf('script', branch),
      wrapsErrors: settings.wrapsErrors,
    };
    const rooms = Array.from(
      { length: settings.primaries },
      () => new ServerRoom(servers, serverDraws.between(0, 3_600_000)),
    );
    this.#world = {
      ...{ scheduler, settings, counters, history, judge, seed, kit },
      weather: { tail: settings.tail, loss: 0, noise: 0, doubled: settings.doubled },
      rooms,
      roomOf: (bucket) => rooms[bucket % rooms.length] as ServerRoom,
      far: new FarRoom({ scheduler, draws: Draws.of(seed, 'far tier') }, settings.farFaults ?? 0),
      source: new SimulatedSource({ scheduler, draws: Draws.of(seed, 'source'), history, settings }, (load) =>
        this.#judgeLoad(load),
      ),
      complain: (what) => this.#complain(what),
      trace: this.#isTraced ? (text) => this.#note(text) : undefined,
    };
    this.#operator = new Operator(this.#world);
  }

  async run(): Promise<Run> {
    const { scheduler, counters, judge } = this.#world;
    for (let slot = 0; slot < this.#plan.settings.processes; slot++) this.#seats.push(this.#birth());
    for (const operation of this.#plan.operations) this.#schedule(operation);
    const faults = new FaultInjector(this.#world, {
      seats: this.#seats,
      birth: () => this.#birth(),
    });
    for (const fault of this.#plan.faults) faults.plan(fault);
    try {
      await this.#pass(END);
      faults.end();
      await this.#rest();
    } catch (error) {
      this.#complain(String(error));
    }
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    return {
      violations: this.#violations,
      hash: scheduler.hash,
      trace: this.#trace,
      counters,
      worst: judge.worst,
      events: scheduler.turn,
    };
  }

  get #isOver(): boolean {
    return this.#violations.length >= MOST_VIOLATIONS;
  }

  async #pass(until: number): Promise<void> {
    for (let at = this.#scheduler.now; at < until && !this.#isOver; at = this.#scheduler.now) {
      await this.#scheduler.run(Math.min(until, at + 500));
    }
  }

  /** Nothing is called and nothing fails any more: everything must end, be told, and be answered from memory again. */
  async #rest(): Promise<void> {
    const { staleBound, detachedTtl, patience, timeout } = this.#plan.settings;
    const { source, weather, far } = this.#world;
    Object.assign(weather, { tail: 0, loss: 0, noise: 0, doubled: 0 });
    source.isAtRest = true;
    far.faults = 0;
    const latest = END + 2 * (patience + 3 * timeout) + 4_000;
    while (!this.#isOver && this.#scheduler.now < latest && this.#seats.some(({ isBusy }) => isBusy)) {
      await this.#pass(this.#scheduler.now + 200);
    }
    await this.#pass(this.#scheduler.now + Math.max(LONGEST_LEASE, 2 * staleBound + detachedTtl + 500));
    for (const seat of this.#seats) seat.mustBeIdle(MOST_TIMERS);
    for (const key of KEYS) {
      for (const seat of this.#seats) {
        if (this.#isOver) return;
        if (!seat.process.isAlive || !this.#judgesEverything) continue;
        let isServed = false;
        void this.#operator.mustServeFromMemory(seat, key).then(() => {
          isServed = true;
        });
        for (let waited = 0; !isServed && waited < LONGEST_AT_REST && !this.#isOver; waited += 50) {
          await this.#pass(this.#scheduler.now + 50);
        }
        if (!isServed) return this.#complain(`${seat.process.name} at rest is not done with ${key}`);
      }
    }
    for (const seat of this.#seats) seat.close();
    await this.#pass(this.#scheduler.now + 3_000);
    for (const seat of this.#seats) seat.mustBeIdle(0);
  }

  #birth(): Seat {
    return new Seat(this.#world, this.#born++);
  }

  #schedule(operation: Operation): void {
    const run = (): void => {
      const seat = this.#seats[operation.slot];
      if (seat?.process.isPaused === true)
        seat.process.does(this.#scheduler.now, () => this.#operator.run(seat, operation));
      else if (seat !== undefined) this.#operator.run(seat, operation);
    };
    this.#scheduler.at(operation.at, { kind: 'call', owner: undefined, run });
  }

  /** Who had to wait for another process's load for long may have lost his patience. */
  #judgeLoad(load: LoadRecord): void {
    if (!this.#judgesEverything) return;
    const seat = this.#seats.find((one) => one === load.by);
    this.#world.judge.load(load, seat?.waitsSince(load.key) ?? this.#scheduler.now);
  }

  #complain(what: string): void {
    this.#note(() => `VIOLATION ${what}`);
    if (!this.#isOver) this.#violations.push(what);
  }

  #note(text: () => string): void {
    if (this.#isTraced) this.#trace.push(`${this.#scheduler.now.toFixed(2).padStart(9)} ${text()}`);
  }
}
