import { type IncomingHttpHeaders, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { INestApplication, ModuleMetadata } from '@nestjs/common';
import type { AbstractHttpAdapter } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { afterEach, describe } from '@jest/globals';
import { LayerCacheTestingModule, type LayerCacheTestingOptions, ManualClock } from '../../lib/testing/index.js';
import { HttpLog } from './http-log.js';

/** An application under test. */
export interface Parts extends Pick<ModuleMetadata, 'controllers' | 'providers' | 'imports'> {
  /** Options of its cache; false: without the module. */
  readonly cache?: Omit<LayerCacheTestingOptions, 'clock'> | false;
  /** What a `main.ts` would do between creating and listening. */
  readonly setUp?: (app: INestApplication) => void;
  /** Whether it believes what a proxy says of the host. */
  readonly trustProxy?: boolean;
}

/** What a client got. */
export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
  /** `Cache-Status`. */
  readonly cache: string | undefined;
  readonly age: string | undefined;
}

export interface Asking {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** An application that listens, with its clock and its log. */
export class RunningApp {
  readonly app: INestApplication;
  readonly clock: ManualClock;
  readonly log: HttpLog;
  readonly port: number;

  constructor(app: INestApplication, clock: ManualClock, log: HttpLog) {
    this.app = app;
    this.clock = clock;
    this.log = log;
    this.port = (app.getHttpServer() as { address(): AddressInfo }).address().port;
  }

  /** A request whose path goes out as it is written here; `fetch` would tidy it up. */
  ask(path: string, { method = 'GET', headers = {}, body }: Asking = {}): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const options = { host: '127.0.0.1', port: this.port, path, method, headers, agent: false };
      const request = httpRequest(options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const bytes = Buffer.concat(chunks);
          const { statusCode: status = 0, headers: received } = response;
          const cache = received['cache-status'] as string | undefined;
          resolve({ status, headers: received, bytes, text: bytes.toString(), cache, age: received.age });
        });
      });
      request.on('error', reject);
      request.end(body);
    });
  }

  /** The instance that the application made of a class. */
  get<T>(type: abstract new (...args: never[]) => T): T {
    return this.app.get<T>(type, { strict: false });
  }
}

export type Start = (parts: Parts) => Promise<RunningApp>;

interface Platform {
  readonly name: 'Express' | 'Fastify';
  readonly adapter: (trustProxy: boolean) => AbstractHttpAdapter;
}

const PLATFORMS: readonly Platform[] = [
  {
    name: 'Express',
    adapter: (trustProxy) => {
      const adapter = new ExpressAdapter();
      adapter.set('trust proxy', trustProxy);
      return adapter;
    },
  },
  { name: 'Fastify', adapter: (trustProxy) => new FastifyAdapter({ trustProxy }) },
];

/** Runs the same tests on Express and on Fastify. What they start is closed after each. */
export function onBothPlatforms(subject: string, tests: (start: Start) => void): void {
  for (const platform of PLATFORMS) {
    describe(`On ${platform.name}, ${subject}`, () => {
      tests(starterOf(platform));
    });
  }
}

/** Runs tests of what only one of them can do. */
export function onlyOn(name: Platform['name'], subject: string, tests: (start: Start) => void): void {
  for (const platform of PLATFORMS.filter((one) => one.name === name)) {
    describe(`On ${name}, ${subject}`, () => {
      tests(starterOf(platform));
    });
  }
}

/** Runs tests of both side by side. */
export function onBothAtOnce(subject: string, tests: (starts: readonly Start[]) => void): void {
  describe(`On Express and Fastify, ${subject}`, () => {
    tests(PLATFORMS.map(starterOf));
  });
}

function starterOf({ adapter }: Platform): Start {
  const running: INestApplication[] = [];
  afterEach(async () => {
    for (const app of running.splice(0)) await app.close();
  });
  return async ({ cache = {}, setUp, trustProxy = false, imports = [], ...parts }) => {
    const clock = new ManualClock(1_000_000);
    const log = new HttpLog();
    const ours = cache === false ? [] : [LayerCacheTestingModule.forRoot({ clock, ...cache })];
    const module = await Test.createTestingModule({ ...parts, imports: [...ours, ...imports] })
      .setLogger(log)
      .compile();
    const app = module.createNestApplication(adapter(trustProxy), { logger: log });
    running.push(app);
    setUp?.(app);
    await app.listen(0, '127.0.0.1');
    return new RunningApp(app, clock, log);
  };
}
