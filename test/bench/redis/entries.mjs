import { Redis } from 'ioredis';
import { BucketKeys, nameOf } from '../../../dist/esm/redis/keys.js';
import { parseState, parseTag } from '../../../dist/esm/redis/records.js';
import { encodeRecord } from '../../../dist/esm/wire/entry-codec.js';
import { encodeValue } from '../../../dist/esm/wire/value-codec.js';

const HOUR = 3_600_000;
const CHUNK = 10_000;
const STAMP = 'bench-000000';

export function nameOfEntry(index) {
  return `items/${index}`;
}

/** Puts entries with a tag into Redis as they lie there, past the cache: through it, a million would take minutes. */
export async function fillWith({ cache, port, tag, entries }) {
  // Makes the records of which entries hold a copy.
  await cache.set(nameOfEntry(0), { index: 0 }, { tags: [tag] });
  const client = new Redis({ port, host: '127.0.0.1' });
  try {
    const keys = new BucketKeys({ prefix: 'bench', cache: 'default', bucket: 0, database: 0 });
    const [state, record] = await client.mgetBuffer(keys.state, keys.tag(nameOf(tag)));
    const versions = { epoch: parseState(state).epoch, tags: [parseTag(record).version] };
    const [seconds] = await client.time();
    const times = {
      ...{ born: Number(seconds) * 1_000, freshUntil: Number(seconds) * 1_000 + HOUR },
      ...{ staleWhileRevalidate: 0, staleIfError: 0, loadMs: 1 },
    };
    for (let from = 0; from < entries; from += CHUNK) {
      const pipeline = client.pipeline();
      for (let index = from; index < Math.min(from + CHUNK, entries); index++) {
        const key = nameOfEntry(index);
        const body = encodeValue({ index });
        const parts = encodeRecord({ key, stamp: STAMP, tags: [tag], versions, body, ...times });
        const bytes = Buffer.concat([parts.head, parts.versions, parts.tail]);
        pipeline.set(keys.entry(nameOf(key)), bytes, 'PX', HOUR);
      }
      const replies = await pipeline.exec();
      for (const [error] of replies) if (error !== null) throw error;
    }
  } finally {
    client.disconnect();
  }
}
