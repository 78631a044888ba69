import type { LossyWay } from './lossy-way.js';
import { type LossyNetworkOptions, placeOf, type RedisPlace } from './redis-place.js';
import { closed, TcpWay } from './tcp-way.js';

/**
 * Between caches and a Redis of yours, a network that loses what a test says. Each cache gets a way of its own, so that one
 * process can be cut off while the others are not. It listens on the loopback alone.
 */
export class LossyNetwork {
  readonly #redis: RedisPlace;
  readonly #ways = new Set<TcpWay>();
  #isClosed = false;

  /** To a Redis by its address, such as `'redis://localhost:6379'`, or by host and port; not over TLS. Nothing is connected yet. */
  constructor(redis: string | LossyNetworkOptions) {
    this.#redis = placeOf(redis);
  }

  /** One more way, for one cache. Whether Redis is there shows when that connects. */
  async way(): Promise<LossyWay> {
    this.#refuseIfClosed('way');
    const { target, urlAt } = this.#redis;
    const way = new TcpWay({ target: () => target, urlAt });
    this.#ways.add(way);
    await way.open();
    this.#refuseIfClosed('way');
    return way;
  }

  /** Heals every way. */
  async heal(): Promise<void> {
    this.#refuseIfClosed('heal');
    await Promise.all([...this.#ways].map((way) => way.heal()));
  }

  /** Ends every way and breaks what leads through it: nothing of it keeps the process alive. May be called again. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#ways].map((way) => way.close()));
  }

  #refuseIfClosed(verb: string): void {
    if (this.#isClosed) throw closed(`LossyNetwork.${verb}`);
  }
}
