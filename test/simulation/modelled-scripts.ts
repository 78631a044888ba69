import type { ScriptName } from '../../lib/redis/scripts.js';
import {
  type Commands,
  type Lease,
  type Raw,
  type State,
  type Texts,
  dropLease,
  liveAtLeast,
  message,
  newState,
  newVersion,
  numberOfNew,
  readLease,
  readState,
  readTag,
  textOf,
  writeTag,
} from './modelled-records.js';

type Script = (redis: Commands, keys: readonly string[], args: readonly string[]) => Raw;

const acquire: Script = (
  redis,
  [e = '', l = '', s = '', ...tags],
  [token = '', leaseMs = '', seen, nonce = '', ttl = ''],
) => {
  const state = readState(redis, s);
  if (state === undefined) {
    redis.branch('NOSTATE');
    return ['NOSTATE'];
  }
  const entry = redis.get(e);
  const stamp = entry?.slice(4, 16) ?? '';
  if (stamp !== '' && stamp !== seen) {
    redis.branch('ENTRY');
    return ['ENTRY', textOf(state), entry, ...tags.map((tag) => readTag(redis, tag)?.text)];
  }
  const held = readLease(redis, l);
  if (held !== undefined && held.sid !== state.sid) redis.branch('passes over a lease of another stream');
  const lease = held?.sid === state.sid ? held : undefined;
  const left = redis.pttl(l);
  if (lease !== undefined && lease.token !== token && left >= 0) return busy(redis, l, { state, lease, left });
  const ours = lease?.token === token;
  redis.branch(lease === undefined ? 'WON' : ours ? 'WON again' : 'WON from one without end');
  redis.set(l, `${token}${ours ? lease.contended : '0'}${state.sid}|${state.n}`, leaseMs);
  return ['WON', textOf(state), ...tags.map((key) => declare(redis, key, { nonce, ttl, n: state.n }))];
};

function busy(redis: Commands, key: string, { state, lease, left }: { state: State; lease: Lease; left: number }): Raw {
  redis.branch('BUSY');
  try {
    if (lease.contended === '0') redis.setrange(key, 24, '1');
  } catch {
    redis.branch('BUSY and full');
  }
  return ['BUSY', textOf(state), left];
}

function declare(redis: Commands, key: string, { nonce, ttl, n }: { nonce: string; ttl: string; n: number }): string {
  const tag = readTag(redis, key);
  if (tag === undefined) {
    redis.branch('makes a tag');
    return writeTag(redis, key, { version: newVersion(redis, nonce), n: numberOfNew(redis, n), ttl });
  }
  liveAtLeast(redis, key, ttl);
  return tag.text;
}

const renew: Script = (redis, [l = ''], [token, leaseMs = '']) => {
  const ours = readLease(redis, l)?.token === token;
  redis.branch(ours ? '1' : '0');
  if (ours) redis.pexpire(l, leaseMs);
  return ours ? 1 : 0;
};

const store: Script = (redis, [e = '', l = '', s = '', ...others], args) => {
  const [token, head = '', tail = '', ttl = '', tagTtl = '', sid, position, nonce = '', channel = '', id = '', epoch] =
    args;
  const isCopied = args.at(-1) === 'v';
  const declared = args.slice(11, isCopied ? -1 : undefined);
  const tags = isCopied ? others.slice(0, -1) : others;
  const state = readState(redis, s);
  const lease = readLease(redis, l);
  const needsLease = !redis.without.has('a store needs its lease');
  const end = (outcome: string, reason: string, rest: Texts = []): Raw => {
    redis.branch(outcome);
    if (lease !== undefined && lease.token === token)
      dropLease(redis, l, { lease, channel, message: `1|w|${reason}|${id}` });
    return [outcome.split(' ')[0], state && textOf(state), ...rest];
  };
  if (needsLease && lease?.token !== token) {
    redis.branch('LEASE');
    return ['LEASE', state && textOf(state)];
  }
  const numbered = needsLease && !redis.without.has('a lease is of the number it was taken at');
  if (numbered && lease?.n !== Number(position)) return end('LEASE of another number', 'refused');
  if (state === undefined) return end('EPOCH missing', 'refused');
  const sameEpoch = redis.without.has('a store needs its epoch') || state.epoch === epoch;
  if (!sameEpoch || state.sid !== sid) return end('EPOCH', 'refused');
  const compared = !redis.without.has('a store needs its versions');
  if (compared && declared.some((version, index) => readTag(redis, tags[index] ?? '')?.version !== version)) {
    return end('VERSION', 'refused');
  }
  const late = judgeLate(redis, tags.slice(declared.length), { position: Number(position), n: state.n, nonce });
  const versions = compared ? declared : declared.map((_, index) => readTag(redis, tags[index] ?? '')?.version ?? '');
  const block = [state.epoch, ...versions, ...late.versions].join('');
  if (!late.refused) redis.set(e, head + block + tail, ttl);
  for (const [key, version] of late.lost) {
    writeTag(redis, key, { version, n: numberOfNew(redis, state.n), ttl: tagTtl });
  }
  if (late.refused) return end('DYNAMIC', 'refused');
  for (const tag of tags) liveAtLeast(redis, tag, tagTtl);
  if (isCopied) redis.branch('notes the latest');
  if (isCopied) redis.set(others.at(-1) ?? '', head.slice(4, 16), ttl);
  return end('OK', 'stored', [block]);
};

function judgeLate(
  redis: Commands,
  tags: Texts,
  { position, n, nonce }: { position: number; n: number; nonce: string },
): { refused: boolean; versions: Texts; lost: ReadonlyMap<string, string> } {
  const lost = new Map<string, string>();
  let refused = false;
  const versions = tags.map((key) => {
    const tag = readTag(redis, key);
    if (tag !== undefined && tag.n <= n) {
      const later = tag.n > position && !redis.without.has('a late tag may not have been invalidated since');
      redis.branch(later ? 'a late tag is invalidated' : 'a late tag stands');
      refused ||= later;
      return tag.version;
    }
    const moved = n !== position && !redis.without.has('a late tag without a record needs a stream that stood still');
    redis.branch(
      `a late tag is ${tag === undefined ? 'lost' : 'of another stream'}${moved ? ', and the stream moved' : ''}`,
    );
    refused ||= moved;
    const version = newVersion(redis, nonce);
    lost.set(key, version);
    return version;
  });
  return { refused, versions, lost };
}

const release: Script = (redis, [l = ''], [token, reason = '', channel = '', id = '']) => {
  const lease = readLease(redis, l);
  const ours = lease !== undefined && lease.token === token;
  redis.branch(ours ? '1' : '0');
  if (ours) dropLease(redis, l, { lease, channel, message: `1|w|${reason}|${id}` });
  return ours ? 1 : 0;
};

function dropKey(redis: Commands, [e, l, v]: readonly [string, string, string]): void {
  redis.del(e);
  if (!redis.without.has('an invalidated key has no latest record')) redis.del(v);
  if (!redis.without.has('an invalidated key loses its lease')) redis.del(l);
}

function advanced(redis: Commands, s: string, nonce: string): State {
  const state = readState(redis, s) ?? newState(redis, nonce);
  state.n++;
  return state;
}

const invalidateKey: Script = (redis, [e = '', l = '', s = '', v = ''], [nonce = '', channel = '', id = '']) => {
  redis.branch('runs');
  dropKey(redis, [e, l, v]);
  const state = advanced(redis, s, nonce);
  redis.set(s, textOf(state));
  redis.publish(channel, message('k', state, { nonce, id }));
  return textOf(state);
};

const invalidateTags: Script = (redis, [s = '', ...tags], [nonce = '', ttl = '', channel = '', ...ids]) => {
  redis.branch('runs');
  redis.del(...tags);
  const state = readState(redis, s) ?? newState(redis, nonce);
  const version = newVersion(redis, nonce);
  tags.forEach((tag, index) => {
    state.n++;
    writeTag(redis, tag, { version, n: state.n, ttl });
    redis.publish(channel, message('t', state, { nonce, id: ids[index] ?? '' }));
  });
  redis.set(s, textOf(state));
  return textOf(state);
};

const clear: Script = (redis, [s = ''], [nonce = '', channel = '']) => {
  redis.branch('runs');
  const state = advanced(redis, s, nonce);
  redis.del(s);
  state.epoch = newVersion(redis, nonce);
  redis.set(s, textOf(state));
  redis.publish(channel, message('c', state, { nonce, id: '' }));
  return textOf(state);
};

const announce: Script = (redis, [s = ''], [nonce = '', channel = '', kind = '', ...ids]) => {
  const state = readState(redis, s);
  redis.branch(state === undefined ? 'finds no state' : 'runs');
  if (state === undefined) return 0;
  for (const id of ids) redis.publish(channel, message(kind, { ...state, n: 0 }, { nonce, id }));
  return 1;
};

const fence: Script = (redis, [r = '', s = ''], [nonce = '']) => {
  const before = readState(redis, s);
  const known = redis.get(r) === redis.runId() || redis.without.has('another server means another epoch');
  if (before !== undefined && known) {
    redis.branch('stands');
    return [0, textOf(before), redis.runId()];
  }
  redis.branch(before === undefined ? 'finds no state' : 'finds another server');
  redis.del(s);
  const state = newState(redis, nonce);
  redis.set(r, redis.runId());
  redis.set(s, textOf(state));
  return [1, textOf(state), redis.runId()];
};

const heartbeat: Script = (redis, [absent = '', s = '']) => {
  redis.del(absent);
  const state = readState(redis, s);
  redis.branch(state === undefined ? 'finds no state' : 'finds a state');
  return [state && textOf(state), String(redis.micros())];
};

export const SCRIPTS: Readonly<Record<ScriptName, Script>> = {
  acquire,
  renew,
  store,
  release,
  'invalidate-key': invalidateKey,
  'invalidate-tags': invalidateTags,
  clear,
  announce,
  fence,
  heartbeat,
};
