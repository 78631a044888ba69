import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { LayerCacheConfigError } from '../../core/errors.js';
import { likelyFreePort } from './likely-free-port.js';
import { type Address, Link, type Loss } from './link.js';
import type { LossyWay } from './lossy-way.js';

/** What a way is made from. */
export interface TcpWayParts {
  /** Where it leads whoever connects now. */
  readonly target: () => Address;
  /** What a cache takes that is to go this way. */
  readonly urlAt: (host: string, port: number) => string;
  /** The ports to try, until one is free. */
  readonly nextPort?: () => number;
}

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

const ATTEMPTS = 20;

/** A way over TCP. */
export class TcpWay implements LossyWay {
  readonly host = '127.0.0.1';
  readonly #parts: TcpWayParts;
  readonly #links = new Set<Link>();
  readonly #waiting = new Set<Waiting>();
  readonly #weather = { loss: 'nothing' as Loss, delay: 0, drips: false, lost: () => this.#noteLoss() };
  #port = 0;
  #listener: Server | undefined;
  #hasLost = false;
  #isClosed = false;
  /** Ends when the way has opened or shut as it was last told to. */
  #turn: Promise<void> = Promise.resolve();

  constructor(parts: TcpWayParts) {
    this.#parts = parts;
  }

  /** Without this nobody can go it. */
  async open(): Promise<this> {
    const { nextPort = likelyFreePort } = this.#parts;
    for (let attempt = 1; ; attempt++) {
      this.#port = nextPort();
      try {
        await this.#inTurn(() => this.#listen());
        return this;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || attempt === ATTEMPTS) throw error;
      }
    }
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return this.#parts.urlAt(this.host, this.#port);
  }

  get connections(): number {
    return this.#links.size;
  }

  async cut(): Promise<void> {
    this.#refuseIfClosed('cut');
    await this.#inTurn(() => this.#shut());
  }

  mute(): void {
    this.#lose('everything', 'mute');
  }

  loseRequests(): void {
    this.#lose('requests', 'loseRequests');
  }

  loseReplies(): void {
    this.#lose('replies', 'loseReplies');
  }

  loseMessages(): void {
    this.#lose('messages', 'loseMessages');
  }

  delay(ms: number): void {
    this.#refuseIfClosed('delay');
    if (!Number.isFinite(ms) || ms < 0) {
      throw new LayerCacheConfigError({
        option: 'LossyWay.delay',
        got: ms,
        takes: 'milliseconds as a number from 0 on',
      });
    }
    this.#weather.delay = ms;
  }

  drip(): void {
    this.#refuseIfClosed('drip');
    this.#weather.drips = true;
  }

  async heal(): Promise<void> {
    this.#refuseIfClosed('heal');
    Object.assign(this.#weather, { loss: 'nothing', delay: 0, drips: false });
    this.resetLinks((link) => link.isBroken);
    for (const link of this.#links) link.hurry();
    await this.#inTurn(() => this.#listen());
  }

  async untilLost(): Promise<void> {
    this.#refuseIfClosed('untilLost');
    if (this.#hasLost) return;
    await new Promise<void>((resolve, reject) => this.#waiting.add({ resolve, reject }));
  }

  /** Ends it for good. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { reject } of this.#waiting) reject(closed('LossyWay.untilLost'));
    this.#waiting.clear();
    await this.#inTurn(() => this.#shut());
  }

  /** Whether a client may go this way. */
  protected admits(_source: string | undefined): boolean {
    return true;
  }

  protected resetLinks(isMeant: (link: Link) => boolean): void {
    for (const link of this.#links) if (isMeant(link)) link.reset();
  }

  #refuseIfClosed(verb: string): void {
    if (this.#isClosed) throw closed(`LossyWay.${verb}`);
  }

  #lose(loss: Loss, verb: string): void {
    this.#refuseIfClosed(verb);
    this.#weather.loss = loss;
    this.#hasLost = false;
  }

  #noteLoss(): void {
    this.#hasLost = true;
    for (const { resolve } of this.#waiting) resolve();
    this.#waiting.clear();
  }

  /** One after the other, as they were told, so that the last one holds. */
  #inTurn(act: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(act);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  async #listen(): Promise<void> {
    if (this.#listener !== undefined || this.#isClosed) return;
    const listener = createServer({ allowHalfOpen: true }, (client) => this.#accept(client));
    listener.listen(this.#port, this.host);
    await once(listener, 'listening');
    this.#listener = listener;
  }

  async #shut(): Promise<void> {
    const listener = this.#listener;
    this.#listener = undefined;
    this.resetLinks(() => true);
    if (listener === undefined) return;
    const ended = once(listener, 'close');
    listener.close();
    await ended;
  }

  #accept(client: Socket): void {
    if (!this.admits(client.remoteAddress)) {
      client.resetAndDestroy();
      return;
    }
    const link = new Link(client, this.#parts.target(), this.#weather);
    this.#links.add(link);
    client.once('close', () => this.#links.delete(link));
  }
}

/** What whoever uses a network, or a way of it, after its end is told. */
export function closed(verb: string): LayerCacheConfigError {
  const problem = `${verb}(): this network is closed, and stays so; a new LossyNetwork makes new ways`;
  return new LayerCacheConfigError({ option: verb, problem });
}
