import type { Draws } from './draws.js';
import type { Scheduler } from './scheduler.js';
import type { Server } from './servers.js';
import type { SimulatedProcess } from './simulated-process.js';

/** What the network does beside carrying: all of it can change while it runs. */
export interface Weather {
  /** The share of packets that take up to half a second. */
  tail: number;
  /** The share of published messages that reach a subscriber never. */
  loss: number;
  /** The share of them that come again later, or too early. */
  noise: number;
  /** The share of commands that are executed once more, up to a second later. */
  doubled: number;
}

/** Above this a packet is as good as lost: the data path is not what it should be. */
export const SLOW = 100;

/** Which direction of a wire is dead without anybody being told. */
export type Deafness = 'requests' | 'replies' | 'both';

export interface WireParts {
  readonly scheduler: Scheduler;
  readonly draws: Draws;
  readonly weather: Weather;
  readonly process: SimulatedProcess;
  readonly server: Server;
  /** The end of it is known to the process. */
  readonly onClosed: () => void;
  /** A packet takes long. */
  readonly onSlow: () => void;
  /** For how long after its end a reply may still be handed on. */
  readonly lingersFor: number;
}

/** One connection: each direction keeps its order. */
export class Wire {
  readonly server: Server;
  readonly #parts: WireParts;
  readonly #lingersFor: number;
  #lastOut = 0;
  #lastIn = 0;
  #stalledUntil = 0;
  #deafness: Deafness | undefined;
  #isBroken = false;
  #isClosed = false;
  #losesRequests = false;
  #losesReplies = false;

  constructor(parts: WireParts) {
    this.#parts = parts;
    this.#lingersFor = parts.lingersFor;
    this.server = parts.server;
    parts.server.wires.add(this);
  }

  /** Whether the process takes it for a connection. */
  get isOpen(): boolean {
    return !this.#isClosed;
  }

  /** Whether it is one. */
  get isSound(): boolean {
    return !this.#isBroken && !this.#isClosed && this.#deafness === undefined;
  }

  /** Half of what is on its way when the wire breaks arrives all the same, and may arrive late. */
  send(run: () => void): void {
    this.#lastOut = Math.max(this.#lastOut, this.#arrival());
    const arrive = (): void => {
      this.#losesRequests ||= this.#isBroken && this.#parts.draws.chance(0.5);
      if (this.#losesRequests || this.#deafness === 'requests' || this.#deafness === 'both') return;
      if (this.server.isAlive) run();
    };
    this.#parts.scheduler.at(this.#lastOut, { kind: 'network', owner: undefined, run: arrive });
  }

  /** To the process. What arrives after the end is told of as `late`. */
  reply(run: (isLate: boolean) => void): void {
    this.#lastIn = Math.max(this.#lastIn, this.#arrival());
    this.#replyAt(this.#lastIn, run);
  }

  /** To the process, regardless of the order. */
  stray(ms: number, run: (isLate: boolean) => void): void {
    this.#replyAt(this.#parts.scheduler.now + ms, run);
  }

  stall(until: number): void {
    this.#stalledUntil = until;
  }

  deafen(deafness: Deafness): void {
    this.#deafness = deafness;
    if (deafness !== 'requests') this.server.wires.delete(this);
  }

  /** Breaks; the process is told after a while. */
  break(noticedAfter: number): void {
    if (this.#isBroken) return;
    this.#isBroken = true;
    this.#losesReplies = this.#parts.draws.chance(0.5);
    this.server.wires.delete(this);
    this.#parts.process.arrives(this.#parts.scheduler.now + noticedAfter, () => {
      if (this.#isClosed) return;
      this.#isClosed = true;
      this.#parts.onClosed();
    });
  }

  /** The process itself ends it. */
  close(): void {
    this.#isClosed = true;
    this.#isBroken = true;
    this.server.wires.delete(this);
  }

  #replyAt(at: number, run: (isLate: boolean) => void): void {
    this.#parts.process.arrives(at, () => {
      if (this.#losesReplies || this.#deafness === 'replies' || this.#deafness === 'both') return;
      if (this.#isClosed && this.#lingersFor > 0) this.#linger(run);
      else run(this.#isClosed);
    });
  }

  #linger(run: (isLate: boolean) => void): void {
    const { process, scheduler, draws } = this.#parts;
    process.arrives(scheduler.now + draws.between(0, this.#lingersFor), () => run(true));
  }

  #arrival(): number {
    const { scheduler, draws, weather, onSlow } = this.#parts;
    const isLong = weather.tail > 0 && draws.chance(weather.tail);
    const at = Math.max(scheduler.now + (isLong ? draws.between(20, 500) : draws.between(0.1, 2)), this.#stalledUntil);
    if (at - scheduler.now > SLOW) onSlow();
    return at;
  }
}
