import type { INestApplication, Type } from '@nestjs/common';
import { WsAdapter } from '@nestjs/platform-ws';
import { Test } from '@nestjs/testing';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { LayerCacheTestingModule, ManualClock } from '../../lib/testing/index.js';
import { RecordingLogger } from './recording-logger.js';

/** An application with a WebSocket gateway, and a client of it that sends one message at a time. */
export class WsService {
  readonly clock: ManualClock;
  readonly logger: RecordingLogger;
  readonly #app: INestApplication;
  readonly #socket: WebSocket;

  private constructor(
    app: INestApplication,
    socket: WebSocket,
    { clock, logger }: Pick<WsService, 'clock' | 'logger'>,
  ) {
    this.#app = app;
    this.#socket = socket;
    this.clock = clock;
    this.logger = logger;
  }

  static async start(gateway: Type): Promise<WsService> {
    const clock = new ManualClock(1_000);
    const logger = new RecordingLogger();
    const module = await Test.createTestingModule({
      imports: [LayerCacheTestingModule.forRoot({ clock })],
      providers: [gateway],
    })
      .setLogger(logger)
      .compile();
    const app = module.createNestApplication();
    app.useWebSocketAdapter(new WsAdapter(app));
    await app.listen(0, '127.0.0.1');
    const socket = new WebSocket((await app.getUrl()).replace('http', 'ws'));
    await once(socket, 'open');
    return new WsService(app, socket, { clock, logger });
  }

  /** The next message that comes after one was sent. */
  async send(event: string, data: unknown): Promise<unknown> {
    const reply = once(this.#socket, 'message');
    this.#socket.send(JSON.stringify({ event, data }));
    const [message] = (await reply) as [Buffer];
    return JSON.parse(message.toString()) as unknown;
  }

  gateway<T>(type: Type<T>): T {
    return this.#app.get(type);
  }

  async close(): Promise<void> {
    this.#socket.terminate();
    await this.#app.close();
  }
}
