import { Draws } from './draws.js';
import type { Fault } from './fault-kinds.js';
import type { Keyspace } from './modelled-redis.js';
import { END } from './plan.js';
import type { DataPath } from './data-path.js';
import type { Seat } from './seat.js';
import type { Server, ServerRoom } from './servers.js';
import type { SimulatedLink } from './simulated-link.js';
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
        return this.#someLink(seat, fault).cut('data', draw * 20);
      case 'cut channel':
        return this.#someLink(seat, fault).cut('channel', draw * 20);
      case 'deafen data':
        return this.#someLink(seat, fault).deafen('data', DEAFNESS[Math.floor(draw * 3)] as Deafness);
      case 'deafen channel':
        return this.#someLink(seat, fault).deafen('channel', 'replies');
      case 'isolate':
        return this.#isolate(seat, fault);
      case 'stall':
        return this.#someLink(seat, fault).stall(draw < 0.6 ? 'data' : 'channel', this.#world.scheduler.now + fault.ms);
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
    const { weather, scheduler } = this.#world;
    const room = this.#someRoom(fault);
    const { primary } = room;
    switch (fault.kind) {
      case 'make room':
        for (const key of primary.model.keys) if (key.includes('}:e:')) primary.model.delete(key);
        return;
      case 'forget':
        return this.#forget(fault);
      case 'evict':
        return this.#evict(fault);
      case 'flush':
        return primary.model.flush();
      case 'failover':
        return this.#replace(fault, primary.dataAt(scheduler.now - fault.draw * 400), isSilent);
      case 'restart':
        return this.#replace(fault, primary.dataAt(scheduler.now - fault.draw * 4_000), isSilent);
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

  /** From one server, or from all of them. */
  #isolate(seat: Seat, fault: Fault): void {
    const { isSilent, draw, ms } = fault;
    const links = new Draws(fault.at).chance(0.5) ? seat.links : [this.#someLink(seat, fault)];
    for (const link of links) {
      const { isolated } = link;
      if (isolated.data) continue;
      isolated.data = true;
      isolated.channel = true;
      for (const which of ['data', 'channel'] as const) {
        if (isSilent) link.deafen(which, 'both');
        else link.cut(which, draw * 20);
      }
      this.#mendAfter(ms, () => {
        isolated.data = false;
        isolated.channel = false;
      });
    }
  }

  #someLink({ links }: Seat, { at }: Fault): SimulatedLink {
    return new Draws(at).one(links);
  }

  #someRoom({ at }: Fault): ServerRoom {
    return new Draws(at).one(this.#world.rooms);
  }

  /** The ways of all processes to what lies in a room. */
  #pathsTo(room: ServerRoom): readonly DataPath[] {
    return this.#cast.seats.flatMap((seat) => this.#pathsOf(seat, room));
  }

  #pathsOf({ paths }: Seat, room: ServerRoom): readonly DataPath[] {
    return paths.filter((_, bucket) => this.#world.roomOf(bucket) === room);
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

  #evict(fault: Fault): void {
    const { draw, at } = fault;
    const { model } = this.#someRoom(fault).primary;
    const draws = new Draws(at);
    for (let count = 1 + Math.floor(draw * 4); count > 0 && model.keys.length > 0; count--) {
      const tags = model.keys.filter((key) => key.includes('}:t:'));
      const key = draws.one(tags.length > 0 && draws.chance(0.5) ? tags : model.keys);
      this.#world.trace?.(() => `evicts ${key}`);
      model.delete(key);
    }
  }

  /** Where its stream stands, or everything. */
  #forget({ draw }: Fault): void {
    const { roomOf, settings } = this.#world;
    const bucket = settings.forgetful ?? 0;
    const { model } = roomOf(bucket).primary;
    const lost = new RegExp(`:${bucket}}:${draw < 0.5 ? 's$' : ''}`);
    for (const key of model.keys) if (lost.test(key)) model.delete(key);
  }

  /** Another server, with less than the one before had, after a while without any. */
  #replace(fault: Fault, data: Keyspace, isSilent: boolean): void {
    const { draw, ms } = fault;
    const { scheduler } = this.#world;
    const room = this.#someRoom(fault);
    const former = room.replace(data, (draw - 0.5) * SKEW);
    const { primary } = room;
    former.isAlive = false;
    primary.isAlive = false;
    this.#sever(former, isSilent);
    const paths = this.#pathsTo(room);
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
  #depose(fault: Fault): void {
    const { draw, ms } = fault;
    const { scheduler } = this.#world;
    const room = this.#someRoom(fault);
    if (!room.primary.isAlive || room.isSplit) return;
    const former = room.replace(room.primary.dataAt(scheduler.now - draw * 200), (draw - 0.5) * SKEW);
    former.refuse(DEPOSED);
    const draws = new Draws(scheduler.now);
    const stuck = draws.some(this.#cast.seats, 0.5);
    room.stick(
      former,
      stuck.map(({ process }) => process),
    );
    for (const seat of this.#cast.seats) {
      seat.stuckIn.set(room, stuck.includes(seat) ? Infinity : scheduler.now + SEVERED);
    }
    for (const seat of this.#cast.seats) {
      if (stuck.includes(seat)) for (const path of this.#pathsOf(seat, room)) path.begin(former);
      else this.#cutFrom(seat, room, draw * 20);
    }
    this.#mendAfter(ms, () => {
      room.unstick();
      former.isAlive = false;
      this.#sever(former, false);
      for (const seat of stuck) {
        seat.stuckIn.set(room, scheduler.now + SEVERED);
        for (const path of this.#pathsOf(seat, room)) path.end(former);
      }
    });
  }

  #cutFrom({ links }: Seat, room: ServerRoom, noticedAfter: number): void {
    links.forEach((link, bucket) => {
      if (this.#world.roomOf(bucket) !== room) return;
      for (const which of ['data', 'channel'] as const) link.cut(which, noticedAfter);
    });
  }

  #refuse(fault: Fault): void {
    const refusal = REFUSALS[Math.floor(fault.draw * 5)];
    const room = this.#someRoom(fault);
    const paths = this.#pathsTo(room);
    const { primary } = room;
    const accept = refusal === undefined ? primary.load() : primary.refuse(refusal);
    for (const path of paths) path.begin(fault);
    this.#mendAfter(fault.ms, () => {
      accept();
      for (const path of paths) path.end(fault);
    });
  }

  #fill(fault: Fault): void {
    const { model } = this.#someRoom(fault).primary;
    model.full = true;
    this.#mendAfter(fault.ms, () => {
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
