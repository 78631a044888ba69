import { connect, type Socket } from 'node:net';
import { systemClock } from '../../core/clock.js';
import { Lane } from './lane.js';
import { MessageSieve } from './message-sieve.js';

type Direction = 'request' | 'reply';

/** What is lost of what is sent, until something else is said. */
export type Loss = 'nothing' | 'everything' | 'replies' | 'requests' | 'messages';

const LOSSES: Readonly<Record<Direction, readonly Loss[]>> = {
  request: ['everything', 'requests'],
  reply: ['everything', 'replies'],
};

/** What befalls all connections of a way at present. */
export interface Weather {
  readonly loss: Loss;
  /** Each way, in milliseconds. */
  readonly delay: number;
  readonly drips: boolean;
  /** To be told that something was lost. */
  lost(): void;
}

/** Where a server listens. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** How many bytes come at once, in milliseconds from one another, where they drip. */
const DROP = 64;
const DRIP_EVERY = 1;

/** A client, and the connection to the server that was made for it. */
export class Link {
  readonly source: string | undefined;
  readonly #sockets: readonly [client: Socket, server: Socket];
  readonly #flows: readonly Flow[];

  constructor(client: Socket, target: Address, weather: Weather) {
    this.source = client.remoteAddress;
    const server = connect({ port: target.port, host: target.host, allowHalfOpen: true });
    this.#sockets = [client, server];
    this.#flows = [new Flow('request', [client, server], weather), new Flow('reply', [server, client], weather)];
  }

  /** Whether anything that was sent did not arrive, whole messages aside. */
  get isBroken(): boolean {
    return this.#flows.some((flow) => flow.isBroken);
  }

  reset(): void {
    for (const socket of this.#sockets) {
      // One that is not connected yet would be reset only when it is.
      if (socket.connecting) socket.destroy();
      else socket.resetAndDestroy();
    }
  }

  /** Delivers at once what is on its way. */
  hurry(): void {
    for (const flow of this.#flows) flow.hurry();
  }
}

/** What goes from one side of a connection to the other. */
class Flow {
  /** Whether bytes of it were lost. None come after them: they would be taken for what was lost. */
  isBroken = false;
  readonly #direction: Direction;
  readonly #weather: Weather;
  readonly #lane: Lane;
  readonly #sieve = new MessageSieve();

  constructor(direction: Direction, [from, to]: readonly [Socket, Socket], weather: Weather) {
    this.#direction = direction;
    this.#weather = weather;
    this.#lane = new Lane(to, systemClock);
    from.setNoDelay(true);
    from.on('data', (chunk: Buffer) => {
      if (!this.#loses()) for (const bytes of this.#sift(chunk)) this.#send(bytes);
    });
    from.once('end', () => {
      if (this.#loses()) return;
      for (const bytes of this.#sieve.rest()) this.#send(bytes);
      this.#lane.send('end', weather.delay);
    });
    // Its 'close' needs no ear: it follows 'end' or 'error', or is our own doing.
    from.on('error', () => to.destroy());
  }

  hurry(): void {
    this.#lane.hurry();
  }

  /** Whether what comes now is lost: that is told, unless it is for what was lost before. */
  #loses(): boolean {
    if (LOSSES[this.#direction].includes(this.#weather.loss)) {
      this.isBroken = true;
      this.#weather.lost();
    }
    return this.isBroken;
  }

  #sift(chunk: Buffer): readonly Buffer[] {
    if (this.#direction === 'request') return [chunk];
    const { passing, lost } = this.#sieve.sift(chunk, this.#weather.loss === 'messages' ? 'are lost' : 'pass');
    if (lost > 0) this.#weather.lost();
    return passing;
  }

  #send(bytes: Buffer): void {
    const { delay, drips } = this.#weather;
    const size = drips ? DROP : bytes.length;
    for (let at = 0, drop = 1; at < bytes.length; at += size, drop++) {
      this.#lane.send(bytes.subarray(at, at + size), drips ? delay + drop * DRIP_EVERY : delay);
    }
  }
}
