import { likelyFreePort } from '../../../lib/testing/network/likely-free-port.js';
import { TcpWay } from '../../../lib/testing/network/tcp-way.js';

const HOST = '127.0.0.1';

/** A way to a server of the loopback that may not be known yet, and that some clients cannot go. */
export class Proxy extends TcpWay {
  readonly #refused = new Set<string>();

  /** The target may be a port that is not known before the first client comes. */
  static start(target: number | (() => number), nextPort = likelyFreePort): Promise<Proxy> {
    const portOf = typeof target === 'number' ? () => target : target;
    return new Proxy({
      target: () => ({ host: HOST, port: portOf() }),
      urlAt: (host, port) => `redis://${host}:${port}`,
      nextPort,
    }).open();
  }

  /** Breaks the connections of the clients with this address, and refuses new ones until it is healed. */
  refuse(source: string): void {
    this.#refused.add(source);
    this.resetLinks((link) => link.source === source);
  }

  override async heal(): Promise<void> {
    this.#refused.clear();
    await super.heal();
  }

  protected override admits(source: string | undefined): boolean {
    return source === undefined || !this.#refused.has(source);
  }
}
