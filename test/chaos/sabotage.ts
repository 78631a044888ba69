import { Ledger } from '../../lib/coherence/ledger.js';
import { Stream } from '../../lib/coherence/stream.js';
import { Invalidate } from '../../lib/engine/invalidate.js';
import { LUA } from '../../lib/redis/scripts/sources.js';
import { SharedScripts } from '../../lib/redis/shared-scripts.js';

const leaked: string[] = [];
const texts = LUA as Record<keyof typeof LUA, string>;

/** Rules that a process may be made to break, to see whether a campaign finds that. */
const SABOTAGES = {
  /** What is published is not heard, and that something is missing is not noticed. */
  'deaf and trusting': () => {
    Stream.prototype.heard = () => undefined;
    around(
      Stream.prototype,
      'saw',
      (saw) =>
        function (this: Stream, { sid }, sentAt, now) {
          saw.call(this, { sid, n: 0 }, sentAt, now);
        },
    );
  },
  /** A server that comes back with what it once knew is taken for the one it was. */
  'no fence': () => change('fence', 'if state and read(KEYS[1]) == server then', 'if state then'),
  /** A load that an invalidation came between is stored. */
  'no lease': () => {
    change('store', 'not lease or lease.token ~= token', 'false');
    change('store', 'if lease.n ~= position', 'if false');
    change(
      'store',
      'dropLease(KEYS[2], lease, channel',
      'redis.call("DEL", KEYS[2]); if false then dropLease(KEYS[2], lease, channel',
    );
    texts.store = texts.store.replaceAll(/(if false then dropLease\(.*\))$/gm, '$1 end');
  },
  /** Whatever its tags have become, an entry counts. */
  'no versions': () => {
    SharedScripts.prototype.invalidateTags = function (this: SharedScripts) {
      return this.heartbeat().then(({ state }) => state ?? Promise.reject(new Error('no state')));
    };
  },
  /** Who invalidates does not begin with himself. */
  'not here': () => {
    Invalidate.prototype.keyHere = () => undefined;
  },
  /** After something may have been missed, memory counts as before. */
  'no loss': () => {
    Ledger.prototype.recordLoss = () => 0;
  },
  /** Everybody loads, though somebody does. */
  'no single flight': () => change('acquire', 'lease.token ~= token and left >= 0', 'false'),
  /** Something is kept of every call. */
  leak: () => {
    around(
      Invalidate.prototype,
      'keyHere',
      (keyHere) =>
        function (this: Invalidate, key) {
          leaked.push(key.repeat(200).split('').join(' '));
          keyHere.call(this, key);
        },
    );
  },
} satisfies Record<string, () => void>;

export const sabotages: readonly string[] = Object.keys(SABOTAGES);

function around<T extends object, K extends keyof T>(prototype: T, name: K, make: (original: T[K]) => T[K]): void {
  prototype[name] = make(prototype[name]);
}

function change(script: keyof typeof LUA, what: string, into: string): void {
  if (!texts[script].includes(what)) throw new Error(`${script} does not say: ${what}`);
  texts[script] = texts[script].replaceAll(what, into);
}

const chosen = process.env['SABOTAGE'];
if (chosen !== undefined && process.argv[2] !== undefined) SABOTAGES[chosen as keyof typeof SABOTAGES]();
