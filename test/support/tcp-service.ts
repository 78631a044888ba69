import type { INestMicroservice, Type } from '@nestjs/common';
import { type ClientProxy, ClientProxyFactory, type MicroserviceOptions, Transport } from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import type { AddressInfo, Server } from 'node:net';
import { firstValueFrom, lastValueFrom, toArray } from 'rxjs';
import { LayerCacheTestingModule, ManualClock } from '../../lib/testing/index.js';
import { RecordingLogger } from './recording-logger.js';

/** A microservice over TCP, and a client of it. */
export class TcpService {
  readonly clock: ManualClock;
  readonly logger: RecordingLogger;
  readonly #app: INestMicroservice;
  readonly #client: ClientProxy;

  private constructor(app: INestMicroservice, clock: ManualClock, logger: RecordingLogger) {
    const { port } = app.unwrap<Server>().address() as AddressInfo;
    this.#app = app;
    this.#client = ClientProxyFactory.create({ transport: Transport.TCP, options: { host: '127.0.0.1', port } });
    this.clock = clock;
    this.logger = logger;
  }

  static async start(controller: Type): Promise<TcpService> {
    const clock = new ManualClock(1_000);
    const logger = new RecordingLogger();
    const module = await Test.createTestingModule({
      imports: [LayerCacheTestingModule.forRoot({ clock })],
      controllers: [controller],
    })
      .setLogger(logger)
      .compile();
    const app = module.createNestMicroservice<MicroserviceOptions>({
      transport: Transport.TCP,
      options: { host: '127.0.0.1', port: 0 },
    });
    await app.listen();
    return new TcpService(app, clock, logger);
  }

  /** Every value of the reply. */
  send(pattern: string, payload: unknown): Promise<unknown[]> {
    return lastValueFrom(this.#client.send<unknown>(pattern, payload).pipe(toArray()));
  }

  /** Resolves when the event was sent. */
  async emit(pattern: string, payload: unknown): Promise<void> {
    await firstValueFrom(this.#client.emit(pattern, payload), { defaultValue: undefined });
  }

  controller<T>(type: Type<T>): T {
    return this.#app.get(type);
  }

  async close(): Promise<void> {
    await this.#client.close();
    await this.#app.close();
  }
}
