import type { LinkListener, RedisLink } from '../../../lib/redis/link.js';
import type { ScriptCall } from '../../../lib/redis/scripts.js';

interface Open {
  readonly asked: string;
  answer(reply: unknown): void;
  fail(error: Error): void;
}

/** A link of which nothing is answered unless a test does it. */
export class StubLink implements RedisLink {
  connection: number | undefined = 1;
  readonly audience = '0';
  readonly pending: Open[] = [];
  readonly renewed = { data: 0, channel: 0 };
  listener: LinkListener | undefined;
  channels: readonly string[] = [];
  /** What waits for what has arrived. */
  readonly arrivals: (() => void)[] = [];

  open(channels: readonly string[], listener: LinkListener): Promise<void> {
    this.channels = channels;
    this.listener = listener;
    return Promise.resolve();
  }

  run({ script }: ScriptCall): Promise<unknown> {
    return this.#ask(script);
  }

  mget(keys: readonly string[]): Promise<readonly (Buffer | null)[]> {
    return this.#ask(keys.join(' ')) as Promise<readonly (Buffer | null)[]>;
  }

  resubscribe(): void {
    this.renewed.channel++;
  }

  reconnect(): void {
    this.renewed.data++;
  }

  afterArrivals(task: () => void): void {
    this.arrivals.push(task);
  }

  close(): Promise<void> {
    this.connection = undefined;
    return Promise.resolve();
  }

  get asked(): readonly string[] {
    return this.pending.map(({ asked }) => asked);
  }

  /** What has arrived is handled. */
  arrive(): void {
    for (const task of this.arrivals.splice(0)) task();
  }

  #ask(asked: string): Promise<unknown> {
    return new Promise((answer, fail) => {
      this.pending.push({ asked, answer, fail });
    });
  }
}
