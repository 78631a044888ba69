import type { Cancel, Clock } from '../core/clock.js';
import type { Random } from '../core/random.js';
import { patienceOf } from './client-options.js';
import type { Connection, ConnectionListener } from './connection.js';
import type { DriverClient } from './driver.js';

const FIRST_PAUSE = 50;
const LONGEST_PAUSE = 1_000;
/** After it a socket that was destroyed is not waited for. */
const FAREWELL = 1_000;

export interface OwnConnectionParts {
  readonly client: DriverClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly listener: ConnectionListener;
  /** What has to succeed on a new connection before it counts as up. Default: nothing. */
  readonly prepare?: () => Promise<unknown>;
}

/** Keeps a client of our own connected. The driver never connects it anew by itself, so that every break leads to one 'end'. */
export class OwnConnection implements Connection {
  readonly client: DriverClient;
  readonly #parts: OwnConnectionParts;
  #isUp = false;
  /** Up was told and down not yet. */
  #told = false;
  /** Nothing that comes on it counts any more; its end is still to be told. */
  #isBroken = false;
  /** Breaks since it was up last. */
  #failures = 0;
  /** Counts connections, so that nothing late is taken for this one's. */
  #attempt = 0;
  #stopTimer: Cancel = () => undefined;
  #closing: (() => void) | undefined;

  constructor(parts: OwnConnectionParts) {
    this.#parts = parts;
    this.client = parts.client;
  }

  get isUp(): boolean {
    return this.#isUp && this.client.status === 'ready';
  }

  start(): void {
    this.client.on('ready', this.#onReady);
    this.client.on('end', this.#onEnd);
    // Stays when all is over: an error that nobody hears is printed by the driver.
    this.client.on('error', this.#onError);
    this.#connect();
  }

  renew(): void {
    // Otherwise a new one is on its way already.
    if (this.isUp) this.#break();
  }

  close(): Promise<void> {
    this.#stopTimer();
    if (this.client.status === 'end') {
      this.#closing = () => undefined;
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const stopWaiting = this.#parts.clock.after(FAREWELL, resolve);
      this.#closing = () => {
        stopWaiting();
        resolve();
      };
      this.#break();
    });
  }

  #connect(): void {
    this.#attempt++;
    this.#isBroken = false;
    const patience = patienceOf(this.client);
    this.#stopTimer = this.#parts.clock.after(patience, () => {
      this.#onError(new Error(`Redis was not ready within ${patience} ms`));
      this.#break();
    });
    // Its failure is told by 'error' and 'end'.
    this.client.connect().then(undefined, () => undefined);
  }

  #break(): void {
    this.#isUp = false;
    this.#isBroken = true;
    this.client.disconnect();
    // The peer may be gone, and would be waited for.
    this.client.stream?.destroy();
  }

  readonly #onReady = (): void => {
    const attempt = this.#attempt;
    const isOver = (): boolean => this.#isBroken || attempt !== this.#attempt || this.client.status !== 'ready';
    if (isOver()) return;
    const { prepare = () => Promise.resolve() } = this.#parts;
    prepare().then(
      () => {
        if (!isOver()) this.#becomeUp();
      },
      (error: unknown) => {
        if (isOver()) return;
        this.#onError(error);
        this.#break();
      },
    );
  };

  #becomeUp(): void {
    this.#stopTimer();
    this.#failures = 0;
    this.#isUp = true;
    this.#told = true;
    this.#parts.listener.up();
  }

  readonly #onEnd = (): void => {
    this.#stopTimer();
    this.#isUp = false;
    if (this.#closing !== undefined) {
      this.#closing();
      return;
    }
    const { clock, random, listener } = this.#parts;
    const pause = Math.min(FIRST_PAUSE * 2 ** this.#failures++, LONGEST_PAUSE);
    this.#stopTimer = clock.after(pause * (0.5 + random() / 2), () => this.#connect());
    if (!this.#told) return;
    this.#told = false;
    listener.down();
  };

  readonly #onError = (error: unknown): void => {
    if (this.#closing !== undefined) return;
    this.#parts.listener.failed(error);
    // The driver would go on in another database than the one that was asked for.
    if (commandOf(error) === 'select') this.#break();
  };
}

function commandOf(error: unknown): unknown {
  return (error as { command?: { name?: unknown } } | null)?.command?.name;
}
