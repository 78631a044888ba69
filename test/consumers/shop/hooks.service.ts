import {
  type BeforeApplicationShutdown,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import { Cached } from 'nestjs-layercache';

/** Calls a cached method in each of its hooks. */
@Injectable()
export class HooksService
  implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown, OnApplicationShutdown
{
  readonly seen: string[] = [];
  loads = 0;

  @Cached()
  read(hook: string): Promise<string> {
    this.loads++;
    return Promise.resolve(hook);
  }

  onModuleInit(): Promise<void> {
    return this.#readTwice('onModuleInit');
  }

  onApplicationBootstrap(): Promise<void> {
    return this.#readTwice('onApplicationBootstrap');
  }

  onModuleDestroy(): Promise<void> {
    return this.#readTwice('onModuleDestroy');
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.#readTwice('beforeApplicationShutdown');
  }

  onApplicationShutdown(): Promise<void> {
    return this.#readTwice('onApplicationShutdown');
  }

  async #readTwice(hook: string): Promise<void> {
    const before = this.loads;
    await this.read(hook);
    await this.read(hook);
    this.seen.push(`${hook}: ${this.loads - before}`);
  }
}
