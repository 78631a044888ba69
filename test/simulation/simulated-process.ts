import type { Cancel, Clock } from '../../lib/core/clock.js';
import type { Draws } from './draws.js';
import type { Owner, Scheduler, SimulatedEvent } from './scheduler.js';

/** What a process is made with: where its clock stands, and how fast it goes. */
export interface ClockSettings {
  readonly offset: number;
  readonly rate: number;
}

/**
 * One process: what happens to it waits while it is paused, happens late and all at once when it goes on, and is lost with
 * it. Its clock agrees with no other one.
 */
export class SimulatedProcess implements Owner, Clock {
  readonly name: string;
  readonly #scheduler: Scheduler;
  readonly #draws: Draws;
  readonly #settings: ClockSettings;
  #isAlive = true;
  #isPaused = false;
  #timers = 0;
  #backlog: SimulatedEvent[] = [];

  constructor(name: string, scheduler: Scheduler, draws: Draws, settings: ClockSettings) {
    this.name = name;
    this.#scheduler = scheduler;
    this.#draws = draws;
    this.#settings = settings;
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** How many timers are still to come. */
  get timers(): number {
    return this.#timers;
  }

  now(): number {
    return this.#settings.offset + this.#scheduler.now * this.#settings.rate;
  }

  /** Never early, and up to a millisecond late. */
  after(ms: number, task: () => void): Cancel {
    this.#timers++;
    const at = this.#scheduler.now + ms / this.#settings.rate + 0.001 + this.#draws.random();
    const run = (): void => {
      close();
      task();
    };
    const event = this.#scheduler.at(at, { kind: 'timer', owner: this, run });
    const close = (): void => {
      if (!event.isOff) this.#timers--;
      event.callOff();
    };
    return close;
  }

  /** Something reaches it. */
  arrives(at: number, run: () => void): void {
    this.#scheduler.at(at, { kind: 'arrival', owner: this, run });
  }

  /** Its own code does something. */
  does(at: number, run: () => void): void {
    this.#scheduler.at(at, { kind: 'call', owner: this, run });
  }

  admits(event: SimulatedEvent): boolean {
    if (!this.#isAlive) return false;
    if (this.#isPaused) this.#backlog.push(event);
    return !this.#isPaused;
  }

  pause(): void {
    this.#isPaused = true;
  }

  /** Goes on, with what it has missed: as an event loop does, which takes timers before or after what has arrived. */
  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    const backlog = this.#backlog;
    this.#backlog = [];
    const first = this.#draws.one(['timer', 'arrival', 'call', undefined] as const);
    const [before, after] = [
      backlog.filter(({ kind }) => kind === first),
      backlog.filter(({ kind }) => kind !== first),
    ];
    for (const event of [...before, ...after]) this.#scheduler.again(event);
  }

  kill(): void {
    this.#isAlive = false;
    this.#backlog = [];
  }
}
