import type { Clock } from '../../lib/core/clock.js';
import type { RedisLink } from '../../lib/redis/link.js';
import type { ScriptCall } from '../../lib/redis/scripts.js';
import { HEAD_LENGTH, VERSION_LENGTH } from '../../lib/wire/record-layout.js';
import { type Lies, LyingLink, stateIn, type StateText, withStates } from './lying-link.js';

/** What a switch is told of the world. */
export interface Surroundings {
  /** What the primary's clock says now, in microseconds. */
  readonly micros: () => number;
}

/** Undoes one rule of the engine from outside: by lying to it. */
export interface Switch {
  readonly rule: string;
  /** It can be told only where nothing else goes wrong. */
  readonly needsCalm?: boolean;
  readonly clock?: (clock: Clock) => Clock;
  readonly link?: (link: RedisLink, surroundings: Surroundings) => RedisLink;
}

function liar(rule: string, lies: (surroundings: Surroundings, link: RedisLink) => Lies): Switch {
  return { rule, link: (link, surroundings) => new LyingLink(link, lies(surroundings, link)) };
}

const isState = (key: string | undefined): boolean => key?.endsWith('}:s') === true;
const isEntry = (key: string | undefined): boolean => key?.includes('}:e:') === true;
const isTag = (key: string | undefined): boolean => key?.includes('}:t:') === true;
const INVALIDATIONS: readonly string[] = ['invalidate-key', 'invalidate-tags', 'clear'];
/** A message about it is about nothing that anybody has. */
const NOBODY = `${'x'.repeat(15)}|k:nobody`;

/** What was lost on the way seems to have been about something else. */
function withoutGaps(): Lies {
  const last = new Map<string, number>();
  return {
    hear: (text, pass) => {
      const [, kind, sid = '', n = ''] = text.split('|');
      if (kind === 'w' || sid === '') return pass(text);
      const known = last.get(sid);
      for (let lost = (known ?? Number(n)) + 1; lost < Number(n); lost++) pass(`1|k|${sid}|${lost}|${NOBODY}`);
      last.set(sid, Math.max(known ?? 0, Number(n)));
      pass(text);
    },
  };
}

/** No reply is ahead of what was heard, or was known when the stream was first seen. */
function withoutPositions(): Lies {
  const heard = new Map<string, number>();
  const truths = new Map<string, StateText>();
  const lie = (state: StateText): StateText => {
    const n = heard.get(state.sid) ?? state.n;
    heard.set(state.sid, n);
    return { ...state, n: Math.min(n, state.n) };
  };
  return {
    hear: (text, pass) => {
      const [, kind, sid = '', n = ''] = text.split('|');
      if (kind !== 'w' && heard.has(sid)) heard.set(sid, Math.max(heard.get(sid) ?? 0, Number(n)));
      pass(text);
    },
    mget: async (keys, send) =>
      (await send(keys)).map((value, index) => {
        return isState(keys[index]) ? (withStates(value, lie) as Buffer | null) : value;
      }),
    run: async (call, send) => {
      const token = String(call.args[0]);
      const truth = call.script === 'store' ? truths.get(token) : undefined;
      const reply = await send(truth === undefined ? call : { ...call, args: withNumber(call, truth.n) });
      if (INVALIDATIONS.includes(call.script)) return reply;
      const state = Array.isArray(reply) ? stateIn(reply[1]) : undefined;
      if (call.script === 'acquire' && state !== undefined) truths.set(token, state);
      return withStates(reply, lie);
    },
  };
}

function withNumber({ args }: ScriptCall, n: number): ScriptCall['args'] {
  return args.map((arg, index) => (index === 6 ? String(n) : arg));
}

/** Streams cannot be told apart. */
function withoutStreamIds(): Lies {
  const SID = '0'.repeat(16).concat('-', 's'.repeat(15));
  const truths = new Map<string, string>();
  const lie = (state: StateText): StateText => ({ ...state, sid: SID });
  return {
    hear: (text, pass) => {
      const [one, kind, , ...rest] = text.split('|');
      pass(kind === 'w' ? text : [one, kind, SID, ...rest].join('|'));
    },
    mget: async (keys, send) =>
      (await send(keys)).map((value, index) => {
        return isState(keys[index]) ? (withStates(value, lie) as Buffer | null) : value;
      }),
    run: async (call, send) => {
      const token = String(call.args[0]);
      const truth = call.script === 'store' ? truths.get(token) : undefined;
      const args = truth === undefined ? call.args : call.args.map((arg, index) => (index === 5 ? truth : arg));
      const reply = await send({ ...call, args });
      const state = Array.isArray(reply) ? stateIn(reply[1]) : undefined;
      if (call.script === 'acquire' && state !== undefined) truths.set(token, state.sid);
      return withStates(reply, lie);
    },
  };
}

/** A server that refuses writes seems to be a primary. */
function withoutWrites({ micros }: Surroundings, link: RedisLink): Lies {
  return {
    run: (call, send) =>
      send(call).catch(async (error: Error) => {
        if (call.script !== 'heartbeat' || !/READONLY|NOREPLICAS/.test(error.message)) throw error;
        const [state = null] = await link.mget([call.keys[1] ?? '']);
        return [state, Buffer.from(String(micros()))];
      }),
  };
}

/** Whoever answers seems to be who answered before. */
function withoutFence(link: RedisLink): Lies {
  const passed = new Map<string, unknown>();
  return {
    run: async (call, send) => {
      if (call.script !== 'fence') return send(call);
      const [, key = ''] = call.keys;
      const [state = null] = passed.has(key) ? await link.mget([key]) : [];
      if (state !== null) return [0, state, passed.get(key)];
      const reply = await send(call);
      passed.set(key, (reply as unknown[])[2]);
      return reply;
    },
  };
}

/** Entries seem to be of the present epoch. */
function withoutEpochs(): Lies {
  return {
    mget: async (keys, send) => {
      const values = await send(keys);
      const epoch = stateIn(values[keys.findIndex(isState)])?.epoch;
      if (epoch === undefined) return values;
      return values.map((value, index) => (isEntry(keys[index]) && value !== null ? withEpoch(value, epoch) : value));
    },
  };
}

function withEpoch(entry: Buffer, epoch: string): Buffer {
  const changed = Buffer.from(entry);
  if (entry.length >= HEAD_LENGTH + VERSION_LENGTH) changed.write(epoch, HEAD_LENGTH, 'latin1');
  return changed;
}

/** What was once said of a tag is said for ever; or only where there is nothing to be said any more. */
function withoutTagRecords(of: 'all' | 'lost ones'): Lies {
  const known = new Map<string, Buffer>();
  return {
    mget: async (keys, send) =>
      (await send(keys)).map((value, index) => {
        const key = keys[index] ?? '';
        if (!isTag(key)) return value;
        const before = known.get(key);
        if (before !== undefined && (of === 'all' || value === null)) return before;
        if (value !== null) known.set(key, value);
        return value;
      }),
  };
}

/** What was not answered the first time seems to be done the second time. */
function withoutJournal(): Lies {
  const tried = new Set<string>();
  let last: Buffer | undefined;
  return {
    mget: async (keys, send) => {
      const values = await send(keys);
      values.forEach((value, index) => {
        if (isState(keys[index]) && value !== null) last = value;
      });
      return values;
    },
    run: async (call, send) => {
      if (!INVALIDATIONS.includes(call.script)) return send(call);
      const name = call.keys.join(' ');
      if (tried.delete(name) && last !== undefined) return last;
      tried.add(name);
      const reply = await send(call);
      tried.delete(name);
      return reply;
    },
  };
}

/** Time passes four times as slowly as it does. */
function slow(clock: Clock): Clock {
  const begin = clock.now();
  return { now: () => begin + (clock.now() - begin) / 4, after: (ms, task) => clock.after(4 * ms, task) };
}

/** Processes do not agree on what time it is. */
function withoutServerTime(): Lies {
  let ahead: number | undefined;
  return {
    run: async (call, send) => {
      const reply = await send(call);
      if (call.script !== 'heartbeat' || !Array.isArray(reply)) return reply;
      const micros = Number(String(reply[1]));
      ahead ??= (micros % 3) * 3_600_000_000;
      return [reply[0] as Buffer, Buffer.from(String(micros + ahead))];
    },
  };
}

export const SWITCHES: readonly Switch[] = [
  { rule: 'memory relies on what was confirmed for as long as the bound and no longer', clock: slow },
  liar('a gap among the messages is one', withoutGaps),
  liar('a position that was not heard of ends the trust', withoutPositions),
  liar('numbers of another stream compare with nothing', withoutStreamIds),
  liar('a server that refuses writes is not asked', withoutWrites),
  liar('another server has to pass the fence', (_, link) => withoutFence(link)),
  liar('an entry of another epoch is none', withoutEpochs),
  liar('an entry with another version of its tag is none', () => withoutTagRecords('all')),
  liar('an entry whose tag has no record is none', () => withoutTagRecords('lost ones')),
  liar('what Redis was not told of it is told later', withoutJournal),
  liar('a connection that brings nothing is made anew', () => ({ reconnect: () => undefined })),
  {
    ...liar('a lease is renewed as long as its load runs', () => ({
      run: (call, send) => (call.script === 'renew' ? Promise.resolve(1) : send(call)),
    })),
    needsCalm: true,
  },
  liar('who finds a lease waits for its load', () => ({
    run: async (call, send) => {
      const reply = await send(call);
      const isBusy = Array.isArray(reply) && String(reply[0]) === 'BUSY';
      const tags = call.keys.slice(3).map(() => Buffer.from(`${'0'.repeat(16)}-${'t'.repeat(15)}|0`));
      return isBusy ? [Buffer.from('WON'), reply[1] as Buffer, ...tags] : reply;
    },
  })),
  liar('deadlines are told by the clock of the server', withoutServerTime),
];
