import type { Instance } from './instance.js';

export interface Reads {
  readonly perSecond: number;
  readonly failed: number;
  readonly slowestMs: number;
  /** SQL statements that the instances have run for them, and for whatever else they were asked. */
  readonly statements: number;
}

/** Customers who read one product after the other, each as fast as he is answered, through every instance. */
export class SteadyReads {
  readonly #instances: readonly Instance[];
  readonly #products: readonly number[];
  readonly #customers: Promise<unknown>;
  readonly #closingTime = new AbortController();
  #since = performance.now();
  #answered = 0;
  #failed = 0;
  #slowestMs = 0;
  #statements = 0;

  constructor(instances: readonly Instance[], products: readonly number[], customersOfEach: number) {
    this.#instances = instances;
    this.#products = products;
    this.#customers = Promise.all(
      instances.flatMap((instance) =>
        Array.from({ length: customersOfEach }, (_, customer) => this.#read(instance, customer)),
      ),
    );
  }

  /** What was counted since it was asked for last. */
  async take(): Promise<Reads> {
    const sources = await Promise.all(this.#instances.map((instance) => instance.sources()));
    const statements = sources.reduce((sum, { database }) => sum + database, 0);
    const now = performance.now();
    const reads = {
      perSecond: (this.#answered / (now - this.#since)) * 1_000,
      failed: this.#failed,
      slowestMs: this.#slowestMs,
      statements: statements - this.#statements,
    };
    this.#since = now;
    this.#answered = 0;
    this.#failed = 0;
    this.#slowestMs = 0;
    this.#statements = statements;
    return reads;
  }

  async stop(): Promise<void> {
    this.#closingTime.abort();
    await this.#customers;
  }

  async #read(instance: Instance, first: number): Promise<void> {
    for (let next = first; !this.#closingTime.signal.aborted; next++) {
      const began = performance.now();
      try {
        await instance.product(this.#products[next % this.#products.length] ?? 1);
        this.#answered++;
      } catch {
        this.#failed++;
      }
      this.#slowestMs = Math.max(this.#slowestMs, performance.now() - began);
    }
  }
}
