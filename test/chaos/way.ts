import type { Proxy } from '../support/redis/proxy.js';

/** Between one process and all servers that it may have to do with. */
export class Way {
  readonly #proxies: readonly Proxy[];

  constructor(proxies: readonly Proxy[]) {
    this.#proxies = proxies;
  }

  delay(ms: number): void {
    for (const proxy of this.#proxies) proxy.delay(ms);
  }

  drip(): void {
    for (const proxy of this.#proxies) proxy.drip();
  }

  mute(): void {
    for (const proxy of this.#proxies) proxy.mute();
  }

  dropRequests(): void {
    for (const proxy of this.#proxies) proxy.dropRequests();
  }

  dropReplies(): void {
    for (const proxy of this.#proxies) proxy.dropReplies();
  }

  async cut(): Promise<void> {
    await Promise.all(this.#proxies.map((proxy) => proxy.cut()));
  }

  async heal(): Promise<void> {
    await Promise.all(this.#proxies.map((proxy) => proxy.heal()));
  }
}
