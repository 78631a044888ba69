import { type Key, KEYS, type KeyPolicy, type Tag, TAGS } from './catalogue.js';
import { Draws } from './draws.js';
import { FAULT_KINDS, type Fault, type FaultKind } from './fault-kinds.js';

export const PROCESSES = 3;
/** For so long there are calls and faults; then everything has time to come to rest. */
export const END = 5_000;

const COMMON_KINDS = FAULT_KINDS.filter((kind) => kind !== 'make room' && kind !== 'forget');

export type Operation = { readonly at: number; readonly slot: number } & (
  | { readonly kind: 'read' | 'get' | 'force' | 'leave' | 'delete' | 'set'; readonly key: Key }
  | { readonly kind: 'tags'; readonly tags: readonly Tag[] }
  | { readonly kind: 'clear' }
);

/** What holds for a whole run. */
export interface Settings {
  readonly processes: number;
  readonly staleBound: number;
  readonly detachedTtl: number;
  readonly buckets: number;
  /** Primaries that the buckets lie on: one, or one for each. */
  readonly primaries: number;
  readonly patience: number;
  readonly timeout: number;
  readonly retryAfter: number;
  readonly loads: number;
  /** How many entries it holds; 0: there is none. */
  readonly memory: number;
  readonly policies: Readonly<Record<Key, KeyPolicy>>;
  /** No fault, and a network without tails: then more is promised. */
  readonly isCalm: boolean;
  /** The bucket that loses what it holds, if one does in the calm; for the keys of the others that is none the less. */
  readonly forgetful: number | undefined;
  /** Loads that have nothing to share, or something that cannot be written. */
  readonly oddLoads: number;
  readonly slowLoads: number;
  /** Whether the source has rows that it says it has not, by an error. */
  readonly hasMissing: boolean;
  readonly tail: number;
  readonly doubled: number;
  readonly drift: number;
  readonly rejects: boolean;
  readonly answersLate: boolean;
  readonly wrapsErrors: boolean;
  /** How often something goes wrong in the tier behind Redis; undefined: there is none. */
  readonly farFaults: number | undefined;
}

/** Everything that one seed does from outside: what is called, and what goes wrong. */
export interface Plan {
  readonly seed: number;
  readonly settings: Settings;
  readonly operations: readonly Operation[];
  readonly faults: readonly Fault[];
}

export function drawPlan(seed: number): Plan {
  const settings = drawSettings(Draws.of(seed, 'settings'), {
    primaries: Draws.of(seed, 'primaries'),
    far: Draws.of(seed, 'far'),
    forgetful: Draws.of(seed, 'forgetful'),
  });
  const reads = readsOf(Draws.of(seed, 'reads'));
  const rushes = rushesOf(Draws.of(seed, 'rushes'), reads);
  const operations = [...reads, ...rushes, ...writesOf(Draws.of(seed, 'writes'))];
  const faults = settings.isCalm ? lossesOf(Draws.of(seed, 'losses'), settings) : faultsOf(Draws.of(seed, 'faults'));
  const room = settings.isCalm || settings.farFaults === undefined ? [] : lackOfRoom(Draws.of(seed, 'room'));
  return {
    seed,
    settings,
    operations: operations.sort((one, other) => one.at - other.at),
    faults: [...faults, ...room],
  };
}

interface MoreDraws {
  readonly primaries: Draws;
  readonly far: Draws;
  readonly forgetful: Draws;
}

function drawSettings(draws: Draws, { primaries, far, forgetful }: MoreDraws): Settings {
  const isCalm = draws.chance(0.12);
  const shape = draws.random();
  const staleBound = draws.one([300, 800, 1_500]);
  const detachedTtl = draws.one([0, 1_000, 3_000]);
  const buckets = draws.one([1, 1, 1, 3]);
  return {
    processes: PROCESSES,
    staleBound,
    detachedTtl,
    buckets,
    primaries: primaries.one([1, buckets]),
    patience: draws.one(isCalm ? [400, 2_500] : [400, 1_000, 2_500]),
    timeout: draws.one(isCalm ? [500, 3_000] : [500, 1_500, 3_000]),
    retryAfter: draws.one([50, 400]),
    loads: draws.one([2, 64, 64]),
    memory: draws.one([0, 2, 2, 100, 100, 100, 100]),
    policies: Object.fromEntries(KEYS.map((key) => [key, drawPolicy(draws, shape)])) as Record<Key, KeyPolicy>,
    isCalm,
    forgetful:
      isCalm && buckets > 1 ? forgetful.one([undefined, ...[0, 1].map(() => forgetful.below(buckets))]) : undefined,
    oddLoads: draws.one(isCalm ? [0, 0, 0, 0.2] : [0, 0, 0.03, 0.2]),
    slowLoads: draws.one(isCalm ? [0, 0.3] : [0, 0.05, 0.3]),
    hasMissing: draws.chance(isCalm ? 0.2 : 0.5),
    tail: isCalm ? 0 : draws.one([0, 0, 0.01, 0.05]),
    doubled: isCalm ? 0 : draws.one([0, 0.03, 0.2]),
    drift: draws.one([0, 0.001]),
    rejects: draws.chance(0.5),
    answersLate: draws.chance(0.3),
    wrapsErrors: draws.chance(0.3),
    farFaults: far.one([undefined, isCalm ? 0 : far.one([0, 0.03, 0.3])]),
  };
}

function drawPolicy(draws: Draws, shape: number): KeyPolicy {
  const isShort = draws.chance(shape);
  const isWindowed = draws.chance(shape);
  const staleIfError = isWindowed ? draws.one([0, 1_000, 10_000]) : 0;
  return {
    ttl: isShort ? 100 + draws.below(900) : 20_000,
    staleWhileRevalidate: isWindowed ? draws.one([0, 500, 5_000]) : 0,
    staleIfError,
    softTimeout: staleIfError > 0 && draws.chance(0.3) ? 60 : undefined,
    negativeTtl: draws.one([100, 600, 5_000]),
    memoryTtl: draws.chance(0.15) ? 50 + draws.below(500) : undefined,
    refreshAhead: draws.chance(0.15) ? draws.one([0.5, 'adaptive'] as const) : undefined,
    singleFlight: draws.chance(0.1) ? 'process' : 'cluster',
  };
}

function readsOf(draws: Draws): readonly Operation[] {
  const operations: Operation[] = [];
  for (let slot = 0; slot < PROCESSES; slot++) {
    const gap = draws.one([20, 40, 90]);
    for (let at = draws.between(0, 30); at < END; at += 1 + draws.between(0, 2 * gap)) {
      const key = draws.one(KEYS);
      const draw = draws.random();
      const kind = draw < 0.93 ? 'read' : draw < 0.96 ? 'get' : draw < 0.98 ? 'force' : 'leave';
      operations.push({ at, slot, kind, key });
      // Several callers at once, some of whom begin together and some while the first one waits.
      if (draws.chance(0.06)) {
        for (let more = draws.below(4); more > 0; more--) {
          operations.push({ at: at + draws.one([0, 1, 5, 40]), slot, kind: 'read', key });
        }
      }
    }
  }
  return operations;
}

/** A process that forces a load where one was just begun, changes its mind, and reads on: all of it while the first is under way. */
function rushesOf(draws: Draws, reads: readonly Operation[]): readonly Operation[] {
  const share = draws.one([0, 0, 0.05, 0.2]);
  return draws.some(reads, share).flatMap((read) => {
    if (read.kind !== 'read') return [];
    const { slot, key } = read;
    const forced = read.at + draws.one([0, 1, 5, 40, 150]);
    const changed = forced + draws.one([0, 1, 5, 20]);
    const again = changed + draws.one([0, 0.2, 1, 5]);
    const rush: Operation[] = [{ at: forced, slot, key, kind: 'force' }];
    if (draws.chance(0.6)) {
      rush.push({ at: changed, slot, key, kind: draws.one(['delete', 'delete', 'set'] as const) });
    }
    rush.push({ at: again, slot, key, kind: 'read' });
    return rush;
  });
}

function writesOf(draws: Draws): readonly Operation[] {
  const operations: Operation[] = [];
  const gap = draws.one([40, 100, 250]);
  for (let at = draws.between(50, 300); at < END - 200; at += 1 + draws.between(0, 2 * gap)) {
    const slot = draws.below(PROCESSES);
    const draw = draws.random();
    if (draw < 0.4) operations.push({ at, slot, kind: 'delete', key: draws.one(KEYS) });
    else if (draw < 0.6) operations.push({ at, slot, kind: 'set', key: draws.one(KEYS) });
    else if (draw < 0.97) operations.push({ at, slot, kind: 'tags', tags: oneOrTwo(draws) });
    else operations.push({ at, slot, kind: 'clear' });
  }
  return operations;
}

function oneOrTwo(draws: Draws): readonly Tag[] {
  const tag = draws.one(TAGS);
  return draws.chance(0.8) ? [tag] : TAGS.filter((other) => other !== tag);
}

/** A random part of what can go wrong, at a random rate: what always goes wrong together hides what each alone would show. */
function faultsOf(draws: Draws): readonly Fault[] {
  const kinds = draws.some(COMMON_KINDS, draws.one([0.1, 0.3, 0.6]));
  const faults: Fault[] = [];
  const gap = draws.one([100, 300, 900]);
  if (kinds.length === 0) return faults;
  for (let at = draws.between(100, 800); at < END - 300; at += 10 + draws.between(0, 2 * gap)) {
    faults.push(drawFault(draws, at, draws.one(kinds)));
  }
  return faults;
}

/** Of one bucket alone. */
function lossesOf(draws: Draws, { forgetful }: Settings): readonly Fault[] {
  if (forgetful === undefined) return [];
  const faults: Fault[] = [];
  const gap = draws.one([100, 300, 900]);
  for (let at = draws.between(100, 800); at < END - 300; at += 10 + draws.between(0, 2 * gap)) {
    faults.push(drawFault(draws, at, 'forget'));
  }
  return faults;
}

/** Where there is a tier behind Redis, that matters only if Redis has no room for what the tier has. */
function lackOfRoom(draws: Draws): readonly Fault[] {
  const faults: Fault[] = [];
  const gap = draws.one([60, 200, 800]);
  for (let at = draws.between(50, 500); at < END - 300; at += 10 + draws.between(0, 2 * gap)) {
    faults.push(drawFault(draws, at, 'make room'));
  }
  return faults;
}

function drawFault(draws: Draws, at: number, kind: FaultKind): Fault {
  const longest = draws.one([50, 600, 2_500]);
  const ms = Math.min(draws.between(5, longest), END - at);
  return { at, kind, slot: draws.below(PROCESSES), ms, draw: draws.random(), isSilent: draws.chance(0.35) };
}
