import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { LUA } from '../../../dist/esm/redis/scripts/sources.js';
import { scriptOf } from '../../../dist/esm/redis/scripts.js';

/** What a script is called whose digest is sent. */
const SCRIPTS = new Map(
  Object.keys(LUA)
    .filter((name) => name !== 'prelude')
    .map((name) => [scriptOf(name).sha, name]),
);

/** Stands between one cache and Redis, and counts what goes each way. */
export class Tap {
  #server;
  #sockets = new Set();
  #seen = nothing();

  static async start(target) {
    const tap = new Tap();
    tap.#server = createServer({ noDelay: true }, (client) => tap.#link(client, target));
    tap.#server.listen(0, '127.0.0.1');
    await once(tap.#server, 'listening');
    return tap;
  }

  get port() {
    return this.#server.address().port;
  }

  /** What went through since it was taken last. */
  get seen() {
    return this.#seen;
  }

  take() {
    const seen = this.#seen;
    this.#seen = nothing();
    return seen;
  }

  stop() {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }

  #link(client, target) {
    const server = connect({ port: target, host: '127.0.0.1', noDelay: true });
    const commands = new Commands();
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        client.destroy();
        server.destroy();
      });
    }
    client.on('data', (chunk) => {
      this.#asked(chunk, commands);
      server.write(chunk);
    });
    server.on('data', (chunk) => {
      this.#answered(chunk, commands);
      client.write(chunk);
    });
  }

  #asked(chunk, commands) {
    const seen = this.#seen;
    seen.sent += chunk.length;
    seen.names.push(...commands.take(chunk));
    // What is sent after an answer may have waited for it.
    if (!seen.isWaiting) seen.trips++;
    seen.isWaiting = true;
  }

  /** A connection that has subscribed hears what others say as well. */
  #answered(chunk, { isSubscribed }) {
    if (isSubscribed) {
      this.#seen.heard += chunk.length;
      return;
    }
    this.#seen.received += chunk.length;
    this.#seen.isWaiting = false;
  }
}

function nothing() {
  return { names: [], trips: 0, sent: 0, received: 0, heard: 0, isWaiting: false };
}

/** Reads the commands of one connection, in whatever pieces they come: lists of bulk strings, all of them. */
class Commands {
  isSubscribed = false;
  #bytes = Buffer.alloc(0);

  /** The names of those that are complete with this piece. */
  take(chunk) {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    const names = [];
    for (let command = this.#next(); command !== undefined; command = this.#next()) names.push(this.#nameOf(command));
    return names;
  }

  #nameOf([name, first]) {
    const verb = name.toUpperCase();
    if (verb === 'SUBSCRIBE') this.isSubscribed = true;
    return verb === 'EVALSHA' ? `EVALSHA ${SCRIPTS.get(first)}` : verb;
  }

  #next() {
    const head = this.#line(0);
    if (head === undefined) return undefined;
    let { end } = head;
    const parts = [];
    for (let left = head.number; left > 0; left--) {
      const length = this.#line(end);
      if (length === undefined || this.#bytes.length < length.end + length.number + 2) return undefined;
      parts.push(this.#bytes.toString('latin1', length.end, length.end + length.number));
      end = length.end + length.number + 2;
    }
    this.#bytes = this.#bytes.subarray(end);
    return parts;
  }

  /** The number behind `*` or `$`. */
  #line(from) {
    const end = this.#bytes.indexOf('\r\n', from);
    return end < 0 ? undefined : { number: Number(this.#bytes.toString('latin1', from + 1, end)), end: end + 2 };
  }
}
