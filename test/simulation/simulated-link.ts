import type { LinkListener, RedisLink } from '../../lib/redis/link.js';
import type { ScriptCall } from '../../lib/redis/scripts.js';
import { Ask, UnderWay } from './ask.js';
import type { Counters } from './counters.js';
import type { DataPath } from './data-path.js';
import { Dialer } from './dialer.js';
import type { Draws } from './draws.js';
import type { ModelledRedis } from './modelled-redis.js';
import { Outcome } from './outcome.js';
import type { Scheduler } from './scheduler.js';
import type { ServerRoom } from './servers.js';
import type { SimulatedProcess } from './simulated-process.js';
import { type Deafness, type Weather, Wire } from './wire.js';
import type { Trace } from './world.js';

/** What a driver may do with the commands of a connection that broke; which of it, ours need not care. */
export interface DriverStyle {
  /** Whether they are rejected, or left without an answer. */
  readonly rejects: boolean;
  /** Whether an answer that was on its way still comes, when there is a new connection already. */
  readonly answersLate: boolean;
}

export interface LinkParts {
  readonly scheduler: Scheduler;
  readonly draws: Draws;
  readonly weather: Weather;
  readonly room: ServerRoom;
  readonly process: SimulatedProcess;
  readonly path: DataPath;
  readonly style: DriverStyle;
  readonly counters: Counters;
  readonly trace: Trace | undefined;
}

/** So late an answer may still come, in milliseconds, where answers come late. */
const LINGERING = 400;

/** Which of the two connections, for a fault. */
export type Which = 'data' | 'channel';

/** The two connections of one process for one bucket, through a network that does all that networks do. */
export class SimulatedLink implements RedisLink {
  readonly audience = '0';
  readonly #parts: LinkParts;
  readonly #data: Dialer;
  readonly #channel: Dialer;
  readonly #asks = new Map<Wire, Set<Ask>>();
  readonly #underWay = new UnderWay();
  #channels: readonly string[] = [];
  #listener: LinkListener | undefined;
  #connections = 0;
  #unsubscribe: () => void = () => undefined;
  /** Nobody is reached. */
  readonly isolated = { data: false, channel: false };

  constructor(parts: LinkParts) {
    this.#parts = parts;
    this.#data = this.#dialer('data', {
      greet: () => undefined,
      onUp: () => this.#connected(),
      onDown: (wire) => this.#disconnected(wire),
    });
    this.#channel = this.#dialer('channel', {
      greet: (wire) => this.#listen(wire),
      onUp: () => this.#tell('subscribed', (listener) => listener.subscribed()),
      onDown: () => this.#tell('unsubscribed', (listener) => listener.unsubscribed()),
    });
  }

  get connection(): number | undefined {
    return this.#data.wire === undefined ? undefined : this.#connections;
  }

  open(channels: readonly string[], listener: LinkListener): Promise<void> {
    this.#channels = channels;
    this.#listener = listener;
    this.#parts.path.begin('wire');
    const { process, scheduler } = this.#parts;
    process.does(scheduler.now + 1, () => {
      this.#data.dial();
      this.#channel.dial();
    });
    return Promise.resolve();
  }

  run(call: ScriptCall): Promise<unknown> {
    const { scheduler, path } = this.#parts;
    const sentAt = scheduler.now;
    const reply = this.#ask(call.script, call.keys, (model) => model.runNow(call));
    if (call.script !== 'heartbeat') return reply;
    return reply.then((raw) => {
      path.heartbeat(sentAt);
      return raw;
    });
  }

  mget(keys: readonly string[]): Promise<readonly (Buffer | null)[]> {
    return this.#ask('mget', keys, (model) => model.mgetNow(keys)) as Promise<readonly (Buffer | null)[]>;
  }

  resubscribe(): void {
    this.#parts.counters.count('link resubscribe');
    this.#channel.redial();
  }

  reconnect(): void {
    this.#parts.counters.count('link reconnect');
    this.#parts.path.begin('wire');
    this.#data.redial();
  }

  afterArrivals(task: () => void): void {
    this.#parts.process.does(this.#parts.scheduler.now, task);
  }

  close(): Promise<void> {
    this.#data.close();
    this.#channel.close();
    this.#unsubscribe();
    this.#listener = undefined;
    return Promise.resolve();
  }

  /** Whether something is being asked of Redis about an entry, by its key. */
  isAsking(key: string): boolean {
    return this.#underWay.has(key);
  }

  /** The process is gone, and its connections with it. */
  die(): void {
    this.#data.wire?.break(0);
    this.#channel.wire?.break(0);
    this.#unsubscribe();
  }

  cut(which: Which, noticedAfter: number): void {
    const wire = this.#wire(which);
    if (wire === undefined) return;
    if (which === 'data') this.#parts.path.begin('wire');
    wire.break(noticedAfter);
  }

  deafen(which: Which, deafness: Deafness): void {
    const wire = this.#wire(which);
    if (wire === undefined) return;
    if (which === 'data') this.#parts.path.begin('wire');
    wire.deafen(deafness);
  }

  stall(which: Which, until: number): void {
    const wire = this.#wire(which);
    if (wire === undefined) return;
    wire.stall(until);
    if (which === 'channel') return;
    const { path, scheduler } = this.#parts;
    path.begin('stall');
    scheduler.at(until, { kind: 'network', owner: undefined, run: () => path.end('stall') });
  }

  #wire(which: Which): Wire | undefined {
    return (which === 'data' ? this.#data : this.#channel).wire;
  }

  #dialer(which: Which, on: { greet: (wire: Wire) => void; onUp: () => void; onDown: (wire: Wire) => void }): Dialer {
    const { scheduler, draws, weather, room, process, path, style } = this.#parts;
    const lingersFor = style.answersLate ? LINGERING : 0;
    const onSlow = (): void => (which === 'data' ? path.touch() : undefined);
    return new Dialer({
      connect: (onClosed) => {
        const server = room.serverFor(process);
        if (!server.isAlive || this.isolated[which]) return undefined;
        return new Wire({ scheduler, draws, weather, process, server, onClosed, onSlow, lingersFor });
      },
      onFailed: (error) => this.#tell('failed', (listener) => listener.failed(error)),
      later: (ms, run) => process.does(scheduler.now + ms, run),
      ...on,
    });
  }

  #connected(): void {
    this.#connections++;
    this.#parts.path.end('wire');
    this.#tell('connected', (listener) => listener.connected());
  }

  #disconnected(wire: Wire): void {
    this.#parts.path.begin('wire');
    const { draws, style } = this.#parts;
    const reject = (): void => {
      for (const ask of this.#asks.get(wire) ?? []) {
        if (style.rejects) ask.reject(new Error('Connection is closed.'));
        else ask.leave();
      }
    };
    const tell = (): void => this.#tell('disconnected', (listener) => listener.disconnected());
    for (const step of draws.chance(0.5) ? [reject, tell] : [tell, reject]) step();
    this.#asks.delete(wire);
  }

  #tell(what: string, tell: (listener: LinkListener) => void): void {
    this.#parts.counters.countOf('link', what);
    this.#parts.trace?.(() => `is told: ${what}`);
    if (this.#listener !== undefined) tell(this.#listener);
  }

  /** At the server: from now on what is published there goes to this process, as far as it gets. */
  #listen(wire: Wire): void {
    const { draws, weather, counters } = this.#parts;
    const channels = new Set(this.#channels);
    this.#unsubscribe();
    this.#unsubscribe = wire.server.model.subscribe((channel, text) => {
      if (!channels.has(channel)) return;
      if (draws.chance(weather.loss)) return counters.count('network message lost');
      const hear = (isLate: boolean): void => {
        if (!isLate) this.#hear(channel, text);
      };
      const isOdd = weather.noise > 0 && draws.chance(weather.noise);
      if (isOdd) wire.stray(draws.between(0, 300), hear);
      if (isOdd) counters.count('network message astray');
      if (!isOdd || draws.chance(0.5)) wire.reply(hear);
    });
  }

  #hear(channel: string, text: string): void {
    this.#parts.counters.countOf('link hears', topicOf(text));
    this.#parts.trace?.(() => `hears ${text}`);
    this.#listener?.message(channel, text);
  }

  #ask(what: string, keys: readonly string[], command: (model: ModelledRedis) => unknown): Promise<unknown> {
    const wire = this.#data.wire;
    if (wire === undefined) return Promise.reject(new Error('there is no connection'));
    return new Promise((resolve, reject) => {
      let asks = this.#asks.get(wire);
      if (asks === undefined) this.#asks.set(wire, (asks = new Set()));
      const subjects = this.#underWay.subjects(keys, this.#parts.scheduler.now);
      const ask = new Ask(subjects, { resolve, reject }, asks);
      wire.send(() => {
        const { draws, weather, trace } = this.#parts;
        const outcome = Outcome.of(() => wire.server.execute(command));
        trace?.(() => `asked ${what} ${keys.join(' ')}: ${outcome.shown()}`);
        if (what !== 'set' && draws.chance(weather.doubled)) this.#double(what, wire, command);
        wire.reply((isLate) => this.#answered(ask, outcome, isLate));
      });
    });
  }

  #double(what: string, { server }: Wire, command: (model: ModelledRedis) => unknown): void {
    const { scheduler, draws, counters } = this.#parts;
    const run = (): void => void (server.isAlive && Outcome.of(() => server.execute(command)));
    scheduler.at(scheduler.now + draws.between(0, 1_000), { kind: 'network', owner: undefined, run });
    counters.countOf('network doubles', what);
  }

  #answered(ask: Ask, outcome: Outcome, isLate: boolean): void {
    if (isLate && !this.#parts.style.answersLate) return;
    if (isLate && ask.isOpen) this.#parts.counters.count('network answers late');
    if (ask.isOpen) this.#underWay.answered(ask.subjects, this.#parts.scheduler.now);
    ask.answer(outcome);
  }
}

/** The kind of a message, and of a wake its reason. */
function topicOf(text: string): string {
  if (!text.startsWith('1|w|')) return text.slice(2, text.indexOf('|', 2));
  return `w ${text.slice(4, text.indexOf('|', 4))}`;
}
