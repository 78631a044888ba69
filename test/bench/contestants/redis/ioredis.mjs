import { Redis } from 'ioredis';

/** As long as what stands before our own keys in Redis: what is compared is the work, not the bytes of a name. */
const PREFIX = "app:{users:by-id}:v1:e:k:finds('";
const HOUR = 3_600;

/** What is written without a cache: `GET` and `JSON.parse`. */
export function make({ load, port }) {
  const client = clientOf(port);
  const nameOf = (key) => `${PREFIX}${key})`;
  return {
    fill: async (key) => client.set(nameOf(key), JSON.stringify(await load(key)), 'EX', HOUR),
    read: async (key) => JSON.parse(await client.get(nameOf(key))),
  };
}

/** The client that all others are handed, too: without this a command each is written by itself, at twice the price. */
export function clientOf(port) {
  return new Redis({ port, host: '127.0.0.1', enableAutoPipelining: true });
}
