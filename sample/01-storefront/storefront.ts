import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { INestApplication } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { CacheService } from 'nestjs-layercache';
import { CACHE_PARTS, ManualClock } from 'nestjs-layercache/testing';
import { AppModule } from './src/app.module.js';
import { Database } from './src/database/database.js';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // What a reply holds is what the tests are about.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
}

interface Sent {
  readonly body?: unknown;
  readonly cookie?: string;
}

/** The whole application, listening, with a clock for its caches that stands still. */
export class Storefront {
  readonly clock: ManualClock;
  readonly cache: CacheService;
  readonly database: Database;
  readonly #app: INestApplication;
  readonly #address: string;

  private constructor(app: INestApplication, clock: ManualClock) {
    this.#app = app;
    this.clock = clock;
    this.cache = app.get(CacheService);
    this.database = app.get(Database);
    this.#address = `http://127.0.0.1:${((app.getHttpServer() as Server).address() as AddressInfo).port}`;
  }

  /** By the environment, and with a database of another storefront, if one is given. */
  static async start(environment: Record<string, string>, database?: Database): Promise<Storefront> {
    Object.assign(process.env, { PRODUCTS: '300', DATA_DIR: 'memory', DATABASE_URL: '', REDIS_URL: '', CACHE: '' });
    Object.assign(process.env, environment);
    const clock = new ManualClock();
    const module = Test.createTestingModule({ imports: [AppModule] });
    module.overrideProvider(CACHE_PARTS).useValue({ clock });
    if (database !== undefined) module.overrideProvider(Database).useValue(database);
    const app = (await module.compile()).createNestApplication({ logger: false });
    await app.listen(0, '127.0.0.1');
    return new Storefront(app, clock);
  }

  get(path: string): Promise<Answer> {
    return this.send('GET', path);
  }

  async send(method: string, path: string, { body, cookie = '' }: Sent = {}): Promise<Answer> {
    const json = body === undefined ? {} : { body: JSON.stringify(body) };
    const headers = { 'content-type': 'application/json', ...(cookie !== '' && { cookie }) };
    const response = await fetch(this.#address + path, { method, headers, ...json });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
  }

  /** How many statements the database runs meanwhile. */
  async queriesOf(work: () => Promise<unknown>): Promise<number> {
    const before = this.database.queries;
    await work();
    return this.database.queries - before;
  }

  async close(): Promise<void> {
    (this.#app.getHttpServer() as Server).closeAllConnections();
    await this.#app.close();
  }
}
