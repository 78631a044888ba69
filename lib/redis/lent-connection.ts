import type { Connection, ConnectionListener } from './connection.js';
import type { DriverClient } from './driver.js';

/** Watches a client that the user made and goes on owning: it retries as he said, and is never closed here. */
export class LentConnection implements Connection {
  readonly client: DriverClient;
  readonly #listener: ConnectionListener;
  #told = false;
  #renewing = false;
  #closed = false;

  constructor(client: DriverClient, listener: ConnectionListener) {
    this.client = client;
    this.#listener = listener;
  }

  get isUp(): boolean {
    return this.#told && !this.#renewing && this.client.status === 'ready';
  }

  start(): void {
    this.client.on('ready', this.#onReady);
    this.client.on('close', this.#onClose);
    this.client.on('end', this.#onEnd);
    this.client.on('error', this.#onError);
    // It may have become ready long ago; and what it becomes is told later by its events.
    process.nextTick(this.#onReady);
    if (this.client.status === 'wait') this.client.connect().then(undefined, this.#onError);
    if (this.client.status === 'end') process.nextTick(this.#onEnd);
  }

  renew(): void {
    if (!this.isUp) return;
    this.#renewing = true;
    this.client.disconnect(true);
  }

  close(): Promise<void> {
    this.#closed = true;
    this.client.off('ready', this.#onReady);
    this.client.off('close', this.#onClose);
    this.client.off('end', this.#onEnd);
    this.client.off('error', this.#onError);
    return Promise.resolve();
  }

  readonly #onReady = (): void => {
    if (this.#closed || this.#told || this.client.status !== 'ready') return;
    this.#told = true;
    this.#listener.up();
  };

  readonly #onClose = (): void => {
    this.#renewing = false;
    if (!this.#told) return;
    this.#told = false;
    this.#listener.down();
  };

  readonly #onEnd = (): void => {
    if (this.#closed) return;
    this.#onClose();
    this.#listener.failed(new Error('redis.client has ended, and will not be connected anew unless you do so'));
  };

  readonly #onError = (error: unknown): void => {
    if (!this.#closed) this.#listener.failed(error);
  };
}
