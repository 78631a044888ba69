import { Draws } from './draws.js';
import type { Fault } from './fault-kinds.js';
import type { Keyspace } from './modelled-redis.js';
import { END } from './plan.js';
import type { Seat } from './seat.js';
import type { Server } from './servers.js';
import type { Deafness } from './wire.js';
import type { World } from './world.js';

/** The processes that there are, by their place. */
export interface Cast {
  readonly seats: Seat[];
  readonly birth: () => Seat;
}

const DEAFNESS: readonly Deafness[] = ['requests', 'replies', 'both'];
const REFUSALS = [
  'MISCONF Redis is configured to save RDB snapshots, but it is currently unable to persist on disk.',
  'NOREPLICAS Not enough good replicas to write.',
  "READONLY You can't write against a read only replica.",
  'CLUSTERDOWN The cluster is down',
];
const DEPOSED = "READONLY You can't write against a read only replica.";
/** How far the clocks of two servers may be apart, in milliseconds. */
const SKEW = 2_000;
/** Of processes that are not cut off from a former primary at once, only these many milliseconds may pass. */
const SEVERED = 60;

/** Lets go wrong what the plan says, and mends it when its time is over. */
export class FaultInjector {
  readonly #world: World;
  readonly #cast: Cast;
  readonly #open = new Set<() => void>();

  constructor(world: World, cast: Cast) {
    this.#world = world;
    this.#cast = cast;
  }

  plan(fault: Fault): void {
    this.#at(fault.at, () => {
      this.#world.counters.countOf('fault', fault.kind);
      const seat = this.#cast.seats[fault.slot];
      this.#world.trace?.(() => `FAULT ${fault.kind} ${seat?.process.name} for ${fault.ms.toFixed(1)} ms`);
      if (seat?.process.isAlive === true) this.#begin(fault, seat);
    });
  }

  /** Mends whatever is not mended yet. */
  end(): void {
    for (const mend of this.#open) mend();
  }

  #begin(fault: Fault, seat: Seat): void {
    const { draw, isSilent } = fault;
    switch (fault.kind) {
      case 'cut data':
        return seat.link.cut('data', draw * 20);
      case 'cut channel':
        return seat.link.cut('channel', draw * 20);
      case 'deafen data':
        return seat.link.deafen('data', DEAFNESS[Math.floor(draw * 3)] as Deafness);
      case 'deafen channel':
        return seat.link.deafen('channel', 'replies');
      case 'isolate':
        return this.#isolate(seat, fault);
      case 'stall':
        return seat.link.stall(draw < 0.6 ? 'data' : 'channel', this.#world.scheduler.now + fault.ms);
      case 'pause':
        return this.#pause(seat, fault);
      case 'crash':
        seat.crash();
        return this.#bearLater(fault);
      case 'close':
        return seat.close(() => {
          seat.crash();
          this.#bearLater(fault);
        });
      case 'fill':
        return this.#fill(fault);
      case 'source fails':
        return this.#failSource(fault);
      default:
        return this.#beginOutside(fault, isSilent);
    }
  }

  #beginOutside(fault: Fault, isSilent: boolean): void {
    const { weather, room } = this.#world;
    switch (fault.kind) {
      case 'evict':
        return this.#evict(fault);
      case 'flush':
        return room.primary.model.flush();
      case 'failover':
        return this.#replace(fault, room.primary.dataAt(this.#world.scheduler.now - fault.draw * 400), isSilent);
      case 'restart':
        return this.#replace(fault, room.primary.dataAt(this.#world.scheduler.now - fault.draw * 4_000), isSilent);
      case 'depose':
        return this.#depose(fault);
      case 'refuse':
        return this.#refuse(fault);
      case 'lose messages':
        return this.#weather(fault, 'loss', fault.draw);
      case 'muddle messages':
        return this.#weather(fault, 'noise', fault.draw);
      default:
        return this.#weather(fault, 'tail', Math.max(weather.tail, fault.draw * 0.3));
    }
  }

  #isolate(seat: Seat, { isSilent, draw, ms }: Fault): void {
    const { isolated } = seat.link;
    if (isolated.data) return;
    isolated.data = true;
    isolated.channel = true;
    for (const which of ['data', 'channel'] as const) {
      if (isSilent) seat.link.deafen(which, 'both');
      else seat.link.cut(which, draw * 20);
    }
    this.#mendAfter(ms, () => {
      isolated.data = false;
      isolated.channel = false;
    });
  }

  #pause(seat: Seat, { ms }: Fault): void {
    if (seat.process.isPaused) return;
    seat.pause();
    this.#mendAfter(ms, () => seat.resume());
  }

  #bearLater({ slot, ms }: Fault): void {
    const { seats, birth } = this.#cast;
    this.#mendAfter(ms, () => {
      if (seats[slot]?.process.isAlive === false) seats[slot] = birth();
    });
  }

  #evict({ draw, at }: Fault): void {
    const { model } = this.#world.room.primary;
    const draws = new Draws(at);
    for (let count = 1 + Math.floor(draw * 4); count > 0 && model.keys.length > 0; count--) {
      const tags = model.keys.filter((key) => key.includes('}:t:'));
      const key = draws.one(tags.length > 0 && draws.chance(0.5) ? tags : model.keys);
      this.#world.trace?.(() => `evicts ${key}`);
      model.delete(key);
    }
  }

  /** Another server, with less than the one before had, after a while without any. */
  #replace({ draw, ms }: Fault, data: Keyspace, isSilent: boolean): void {
    const { room, scheduler } = this.#world;
    const former = room.replace(data, (draw - 0.5) * SKEW);
    const { primary } = room;
    former.isAlive = false;
    primary.isAlive = false;
    this.#sever(former, isSilent);
    const paths = this.#cast.seats.map(({ path }) => path);
    for (const path of paths) path.begin(primary);
    this.#mendAfter(Math.min(ms, 1_500), () => {
      primary.isAlive = true;
      this.#world.trace?.(() => `a server is there again, as of ${scheduler.now.toFixed(1)}`);
      for (const path of paths) path.end(primary);
    });
  }

  #sever(former: Server, isSilent: boolean): void {
    const draws = new Draws(this.#world.scheduler.now);
    for (const wire of [...former.wires]) {
      if (isSilent && draws.chance(0.5)) wire.deafen('both');
      else wire.break(draws.between(0, 30));
    }
  }

  /** A replica takes over; the former primary refuses writes from now on, and some processes do not know. */
  #depose({ draw, ms }: Fault): void {
    const { room, scheduler } = this.#world;
    if (!room.primary.isAlive || room.isSplit) return;
    const former = room.replace(room.primary.dataAt(scheduler.now - draw * 200), (draw - 0.5) * SKEW);
    former.refuse(DEPOSED);
    const draws = new Draws(scheduler.now);
    const stuck = draws.some(this.#cast.seats, 0.5);
    room.stick(
      former,
      stuck.map(({ process }) => process),
    );
    for (const seat of this.#cast.seats) seat.stuckUntil = stuck.includes(seat) ? Infinity : scheduler.now + SEVERED;
    for (const seat of this.#cast.seats) {
      if (stuck.includes(seat)) seat.path.begin(former);
      else for (const which of ['data', 'channel'] as const) seat.link.cut(which, draw * 20);
    }
    this.#mendAfter(ms, () => {
      room.unstick();
      former.isAlive = false;
      this.#sever(former, false);
      for (const seat of stuck) {
        seat.stuckUntil = scheduler.now + SEVERED;
        seat.path.end(former);
      }
    });
  }

  #refuse(fault: Fault): void {
    const refusal = REFUSALS[Math.floor(fault.draw * 5)];
    const paths = this.#cast.seats.map(({ path }) => path);
    const { primary } = this.#world.room;
    const accept = refusal === undefined ? primary.load() : primary.refuse(refusal);
    for (const path of paths) path.begin(fault);
    this.#mendAfter(fault.ms, () => {
      accept();
      for (const path of paths) path.end(fault);
    });
  }

  #fill({ ms }: Fault): void {
    const { model } = this.#world.room.primary;
    model.full = true;
    this.#mendAfter(ms, () => {
      model.full = false;
    });
  }

  #failSource({ ms }: Fault): void {
    const { source } = this.#world;
    source.failing = 0.7;
    this.#mendAfter(ms, () => {
      source.failing = 0.02;
    });
  }

  #weather({ ms }: Fault, what: 'loss' | 'noise' | 'tail', share: number): void {
    const { weather } = this.#world;
    const before = weather[what];
    weather[what] = share;
    this.#mendAfter(ms, () => {
      weather[what] = before;
    });
  }

  #mendAfter(ms: number, mend: () => void): void {
    const once = (): void => {
      if (this.#open.delete(once)) mend();
    };
    this.#open.add(once);
    this.#at(Math.min(END, this.#world.scheduler.now + ms), once);
  }

  #at(at: number, run: () => void): void {
    this.#world.scheduler.at(at, { kind: 'call', owner: undefined, run });
  }
}
