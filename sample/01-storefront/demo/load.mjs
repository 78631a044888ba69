import { setMaxListeners } from 'node:events';
import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { Changes, Customers } from './customers.mjs';
import { Failures } from './failures.mjs';
import { Latencies } from './latencies.mjs';

const PRICE_EVERY_MS = 1_000;
const ORDER_EVERY_MS = 2_000;
const BREATH_AFTER_ERROR_MS = 100;

/**
 * Keeps a storefront busy: every connection asks anew as soon as it is answered. Beside them prices change and orders come in at
 * a steady pace, however fast the storefront is.
 */
export class Load {
  latencies = new Latencies();
  failures = new Failures();
  /** Products read right after their price was changed, and how many of them showed another price. */
  prices = { read: 0, old: 0 };
  #client;
  #customers;
  #changes;
  #connections;
  #over = new AbortController();
  #running = [];

  constructor(client, catalogue, { connections, seed }) {
    this.#client = client;
    this.#customers = new Customers(catalogue, seed);
    this.#changes = new Changes(catalogue, seed);
    this.#connections = connections;
    // All of them may be taking breath at the same time.
    setMaxListeners(0, this.#over.signal);
  }

  start() {
    this.#running = Array.from({ length: this.#connections }, () => this.#askOnAndOn());
    this.#running.push(
      this.#every(PRICE_EVERY_MS, () => this.#changePrice()),
      this.#every(ORDER_EVERY_MS, () => this.#order()),
    );
  }

  /** Asks no more; resolves when all that was asked is answered. */
  async stop() {
    this.#over.abort();
    await Promise.all(this.#running);
  }

  async #askOnAndOn() {
    while (!this.#over.signal.aborted) {
      const { path, status } = this.#customers.next();
      const began = performance.now();
      try {
        this.failures.expect('GET', path, await this.#client.status(path), [status]);
        this.latencies.add(performance.now() - began);
      } catch (error) {
        this.failures.add(`GET ${error.message}`);
        await this.#pause(BREATH_AFTER_ERROR_MS);
      }
    }
  }

  async #changePrice() {
    const { id, priceCents } = this.#changes.price();
    const path = `/products/${id}`;
    const { status } = await this.#client.send('PATCH', `${path}/price`, { priceCents });
    this.failures.expect('PATCH', `${path}/price`, status, [200]);
    const { body } = await this.#client.json(path);
    this.prices.read++;
    if (body?.priceCents === priceCents) return;
    this.prices.old++;
    this.failures.add(`GET ${path} showed an old price after it was changed`);
  }

  async #order() {
    const { status } = await this.#client.send('POST', '/orders', this.#changes.order());
    this.failures.expect('POST', '/orders', status, [201, 409]);
  }

  async #every(milliseconds, change) {
    while (!this.#over.signal.aborted) {
      const next = this.#pause(milliseconds);
      await change().catch((error) => this.failures.add(error.message));
      await next;
    }
  }

  /** Cut short by the end. */
  #pause(milliseconds) {
    const { signal } = this.#over;
    return wait(milliseconds, undefined, { signal }).catch((error) => {
      if (!signal.aborted) throw error;
    });
  }
}
