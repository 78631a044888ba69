import { RecordCodec } from '../../../lib/redis/record-codec.js';
import { ServerClock } from '../../../lib/redis/server-clock.js';
import type { Serializer } from '../../../lib/policy/redis-options.js';
import type { SharedValue } from '../../../lib/tiers/shared-tier.js';
import type { RevivedClass } from '../../../lib/wire/value-writer.js';

/** The server's clock is so far ahead of that of the process. */
export const AHEAD = 1_763_000_000_000;
/** In the form that scripts give versions. */
export const versionOf = (tag: string): string => `1-${tag.padEnd(30, '_')}`;
export const EPOCH = versionOf('epoch');

export const valueOf = (changed: Partial<SharedValue> = {}): SharedValue => ({
  ...{ value: { id: 1, at: new Date(5) }, tags: [], born: 1_000, freshUntil: 61_000 },
  ...{ staleWhileRevalidate: 30_000, staleIfError: 0, loadMs: 12 },
  ...changed,
});

export function codecWith(serializer?: Serializer): RecordCodec {
  const serverClock = new ServerClock();
  serverClock.note('server', AHEAD, { sentAt: 0, receivedAt: 0 });
  let stamps = 0;
  return new RecordCodec({ serverClock, serializer, stamp: () => String(stamps++).padStart(12, 's') });
}

/** As it lies in Redis once a script has put the versions between the two parts. */
export function entryOf(codec: RecordCodec, key: string, value: SharedValue, type?: RevivedClass): Buffer {
  const { head, tail } = codec.encode(key, value, type);
  return Buffer.concat([head, Buffer.from([EPOCH, ...value.tags.map(versionOf)].join(''), 'latin1'), tail]);
}
