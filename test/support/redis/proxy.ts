import { EventEmitter, once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { Lane } from './lane.js';
import { likelyFreePort } from './port.js';

type Fault = 'none' | 'mute' | 'dropReplies' | 'dropRequests';

/** How many bytes come at once, in milliseconds from one another, where they drip. */
const DROP = 64;
const DRIP_EVERY = 1;

const ATTEMPTS = 20;

/** Stands between clients and a server of the loopback, and can spoil what goes on between them. */
export class Proxy {
  readonly port: number;
  readonly #target: () => number;
  readonly #events = new EventEmitter();
  readonly #links = new Set<Link>();
  readonly #refused = new Set<string>();
  #listener: Server | undefined;
  #fault: Fault = 'none';
  #delay = 0;
  #drips = false;
  #swallowed = false;

  private constructor(port: number, target: () => number) {
    this.port = port;
    this.#target = target;
  }

  /** The target may be a port that is not known before the first client comes. */
  static async start(target: number | (() => number), nextPort = likelyFreePort): Promise<Proxy> {
    for (let attempt = 1; ; attempt++) {
      const proxy = new Proxy(nextPort(), typeof target === 'number' ? () => target : target);
      try {
        await proxy.#listen();
        return proxy;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || attempt === ATTEMPTS) throw error;
      }
    }
  }

  /** How many clients are connected through it. */
  get connections(): number {
    return this.#links.size;
  }

  /** Breaks every connection, and refuses new ones until it is healed. */
  async cut(): Promise<void> {
    const listener = this.#listener;
    this.#listener = undefined;
    for (const link of this.#links) link.reset();
    if (listener === undefined) return;
    const closed = once(listener, 'close');
    listener.close();
    await closed;
  }

  /** Breaks the connections of the clients with this address, and refuses new ones until it is healed. */
  refuse(source: string): void {
    this.#refused.add(source);
    for (const link of this.#links) if (link.source === source) link.reset();
  }

  /** Takes what both sides send, connections included, and forwards none of it. */
  mute(): void {
    this.#spoil('mute');
  }

  /** Forwards what clients ask, and none of the answers. */
  dropReplies(): void {
    this.#spoil('dropReplies');
  }

  /** Forwards none of what clients ask; what comes by itself still comes. */
  dropRequests(): void {
    this.#spoil('dropRequests');
  }

  /** From now on everything comes in small pieces, one after the other. */
  drip(): void {
    this.#drips = true;
  }

  /** From now on everything takes longer by as much, each way. */
  delay(ms: number): void {
    this.#delay = ms;
  }

  /**
   * Ends every fault. A connection of which bytes were swallowed is broken: what would come next on it would be taken for the
   * answer to an earlier question, which no network ever does.
   */
  async heal(): Promise<void> {
    this.#fault = 'none';
    this.#delay = 0;
    this.#drips = false;
    this.#refused.clear();
    for (const link of this.#links) if (link.spoiled) link.reset();
    if (this.#listener === undefined) await this.#listen();
  }

  /** Resolves once `mute` or `dropReplies` has swallowed something, be it before this call. */
  async untilSwallowed(): Promise<void> {
    if (!this.#swallowed) await once(this.#events, 'swallowed');
  }

  async stop(): Promise<void> {
    await this.cut();
  }

  #spoil(fault: Fault): void {
    this.#fault = fault;
    this.#swallowed = false;
  }

  async #listen(): Promise<void> {
    const listener = createServer({ allowHalfOpen: true }, (client) => {
      this.#link(client);
    });
    listener.listen(this.port, '127.0.0.1');
    await once(listener, 'listening');
    this.#listener = listener;
  }

  #link(client: Socket): void {
    if (this.#refused.has(client.remoteAddress ?? '')) {
      client.resetAndDestroy();
      return;
    }
    const link = new Link(client, connect({ port: this.#target(), host: '127.0.0.1', allowHalfOpen: true }), {
      delay: () => this.#delay,
      drips: () => this.#drips,
      swallows: (way) => {
        if (this.#fault === 'none' || this.#fault === SPARES[way]) return false;
        this.#swallowed = true;
        this.#events.emit('swallowed');
        return true;
      },
    });
    this.#links.add(link);
    client.once('close', () => this.#links.delete(link));
  }
}

const SPARES = { request: 'dropReplies', reply: 'dropRequests' } as const;

interface Weather {
  delay(): number;
  drips(): boolean;
  swallows(way: 'request' | 'reply'): boolean;
}

/** A client, and the connection to the server that was made for it. */
class Link {
  /** Whether anything that was sent did not arrive. */
  spoiled = false;
  readonly source: string | undefined;
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #weather: Weather;

  constructor(client: Socket, server: Socket, weather: Weather) {
    this.source = client.remoteAddress;
    this.#client = client;
    this.#server = server;
    this.#weather = weather;
    this.#carry('request', client, server);
    this.#carry('reply', server, client);
  }

  reset(): void {
    this.#client.resetAndDestroy();
    this.#server.resetAndDestroy();
  }

  #carry(way: 'request' | 'reply', from: Socket, to: Socket): void {
    const lane = new Lane(to);
    from.setNoDelay(true);
    from.on('data', (chunk: Buffer) => {
      if (this.#weather.swallows(way)) this.spoiled = true;
      else if (this.#weather.drips()) drip(lane, chunk);
      else lane.send(chunk, this.#weather.delay());
    });
    from.once('end', () => {
      if (this.#weather.swallows(way)) this.spoiled = true;
      else lane.send('end', this.#weather.delay());
    });
    // Its 'close' needs no ear: it follows 'end' or 'error', or is our own doing.
    from.on('error', () => to.destroy());
  }
}

function drip(lane: Lane, chunk: Buffer): void {
  for (let at = 0; at < chunk.length; at += DROP) {
    lane.send(chunk.subarray(at, at + DROP), DRIP_EVERY * (1 + at / DROP));
  }
}
