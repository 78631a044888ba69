import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { resolvers } from './time.mjs';

/** Stands between a cache and Redis, knows which connection hears messages, and lets through what it is told to. */
export class Wire {
  /** What becomes of bytes: `(link, chunk, way) => 'pass' | 'hold' | 'drop'`, for the ways `request` and `reply`. */
  rule = () => 'pass';
  /** Whether whoever knocks is turned away. */
  closed = false;
  #target;
  #listener;
  #links = new Set();
  #watches = new Set();

  static async start(target) {
    const wire = new Wire();
    wire.#target = target;
    wire.#listener = createServer({ noDelay: true }, (client) => wire.#accept(client));
    wire.#listener.listen(0, '127.0.0.1');
    await once(wire.#listener, 'listening');
    return wire;
  }

  get port() {
    return this.#listener.address().port;
  }

  get hears() {
    return [...this.#links].some((link) => link.hears);
  }

  /** Whoever connects from now on reaches another server. */
  leadTo(port) {
    this.#target = port;
  }

  /** Ends connections: all, or those that are meant. */
  cut(isMeant = () => true) {
    for (const link of [...this.#links]) if (isMeant(link)) link.end();
  }

  /** Keeps messages on their way. */
  holdMessages() {
    this.rule = (link, _chunk, way) => (link.hears && way === 'reply' ? 'hold' : 'pass');
  }

  /** Lets all pass again, first what was held. */
  release() {
    this.rule = () => 'pass';
    for (const link of this.#links) link.release();
  }

  /** Resolves when a text goes by, whatever becomes of it. */
  async seen(text, way) {
    const { promise, resolve } = resolvers();
    const watch = { text, way, resolve };
    this.#watches.add(watch);
    await promise;
    this.#watches.delete(watch);
  }

  stop() {
    this.closed = true;
    this.cut();
    this.#listener.close();
  }

  #accept(client) {
    if (this.closed) return client.resetAndDestroy();
    const link = new Link(client, connect({ port: this.#target, host: '127.0.0.1', noDelay: true }), (chunk, way) => {
      const become = this.rule(link, chunk, way);
      for (const watch of this.#watches) if (watch.way === way && chunk.includes(watch.text)) watch.resolve();
      return become;
    });
    this.#links.add(link);
    client.once('close', () => this.#links.delete(link));
  }
}

class Link {
  /** Whether it is one that messages come by. */
  hears = false;
  #sockets;
  #held = { request: [], reply: [] };

  constructor(client, server, judge) {
    this.#sockets = [client, server];
    this.#carry(client, server, 'request', judge);
    this.#carry(server, client, 'reply', judge);
  }

  end() {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  release() {
    const [client, server] = this.#sockets;
    for (const chunk of this.#held.request.splice(0)) server.write(chunk);
    for (const chunk of this.#held.reply.splice(0)) client.write(chunk);
  }

  #carry(from, to, way, judge) {
    const held = this.#held[way];
    from.on('data', (chunk) => {
      if (way === 'request' && /subscribe/i.test(chunk.toString('latin1'))) this.hears = true;
      const become = judge(chunk, way);
      if (become === 'drop') return;
      // What follows something that is held waits behind it.
      if (become === 'hold' || held.length > 0) held.push(chunk);
      else to.write(chunk);
    });
    from.on('error', () => to.destroy());
    from.once('close', () => to.destroy());
  }
}
