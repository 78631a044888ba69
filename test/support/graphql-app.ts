import type { Type } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import { MercuriusDriver, type MercuriusDriverConfig } from '@nestjs/mercurius';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { LayerCacheTestingModule, ManualClock } from '../../lib/testing/index.js';
import { RecordingLogger } from './recording-logger.js';

export interface GraphQLReply {
  readonly data: Record<string, unknown> | null;
  readonly errors?: readonly { readonly message: string }[];
}

/** A GraphQL application, code first, over Fastify, asked as any client would. */
export class GraphQLApp {
  readonly clock: ManualClock;
  readonly logger: RecordingLogger;
  readonly #app: NestFastifyApplication;

  private constructor(app: NestFastifyApplication, clock: ManualClock, logger: RecordingLogger) {
    this.#app = app;
    this.clock = clock;
    this.logger = logger;
  }

  static async start(resolver: Type, driver: Partial<MercuriusDriverConfig> = {}): Promise<GraphQLApp> {
    const clock = new ManualClock(1_000);
    const logger = new RecordingLogger();
    const module = await Test.createTestingModule({
      imports: [
        LayerCacheTestingModule.forRoot({ clock }),
        GraphQLModule.forRoot<MercuriusDriverConfig>({ driver: MercuriusDriver, autoSchemaFile: true, ...driver }),
      ],
      providers: [resolver],
    })
      .setLogger(logger)
      .compile();
    const app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter());
    await app.listen(0, '127.0.0.1');
    return new GraphQLApp(app, clock, logger);
  }

  async ask(query: string, headers: Readonly<Record<string, string>> = {}): Promise<GraphQLReply> {
    const response = await fetch(`${await this.#app.getUrl()}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query }),
    });
    return (await response.json()) as GraphQLReply;
  }

  resolver<T>(type: Type<T>): T {
    return this.#app.get(type);
  }

  close(): Promise<void> {
    return this.#app.close();
  }
}
