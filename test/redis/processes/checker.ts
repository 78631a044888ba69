import { covers, mayCover } from './catalogue.js';
import type { Disturbance, History } from './history.js';
import type { InvalidationRecord, LoadRecord, ReadRecord, Value } from './records.js';
import type { Lag, Place, Promised, Verdict } from './verdict.js';
import { loadShown, type Origin, shown, told } from './words.js';

/** By so much two readings of the same clock may differ for the rounding. */
const ROUNDING = 0.01;
const SILENCE = /did not answer within/;
/** The last is what an old primary says to whoever is still with it, before it is made a replica. */
const BREAK = /cannot be reached now|broke before the answer|NOREPLICAS/;
/** A command may be on its way for so long. */
const ON_ITS_WAY = 300;
/** What a process did so long before it was killed may never have been told of. */
const UNTOLD = 100;
const ALL_KINDS: readonly Disturbance['of'][] = ['path', 'state', 'writes', 'messages'];
const EXCUSES_LOADS: readonly Disturbance['of'][] = ['path', 'state', 'writes'];
/** Reads that are judged at once. */
const SLICE = 500;
/** Who was cut off pauses up to so long before he tries to connect once more. */
const RETURN = 1_000;

/** A span of time, and of which key it is asked what went on meanwhile. Without a key: of any. */
interface Around {
  readonly from: number;
  readonly to: number;
  readonly key?: string | undefined;
}

/** Decides from the outside, by what was called and answered, whether the promises G1 to G6 were kept. */
export class Checker {
  readonly #history: History;
  readonly #promised: Promised;
  readonly #violations: string[] = [];
  readonly #places: Place[] = [];
  readonly #lags: Lag[] = [];
  readonly #origins = new Map<string, Origin>();
  readonly #byKey = new Map<string, InvalidationRecord[]>();
  readonly #invalidations: readonly InvalidationRecord[];
  #worstLag = 0;
  #late = 0;
  #excused = 0;

  constructor(history: History, promised: Promised) {
    this.#history = history;
    this.#promised = promised;
    this.#invalidations = [...history.invalidations].sort((a, b) => a.called - b.called);
    for (const { id, by, row, began } of history.loads) this.#origins.set(id, { by, row, began });
    for (const one of this.#invalidations) {
      if (one.scope !== 'set' || one.id === undefined || one.row === undefined) continue;
      const setOver = one.error === undefined ? (one.over ?? Infinity) : Infinity;
      this.#origins.set(one.id, { by: one.by, row: one.row, began: one.called, setOver });
    }
  }

  judge(): Verdict {
    const steps = this.steps();
    for (let step = steps.next(); ; step = steps.next()) if (step.done === true) return step.value;
  }

  /** The same, a little at a time, for who has something else to do meanwhile. */
  *steps(): Generator<void, Verdict> {
    const { reads, loads } = this.#history;
    const { judgedUntil = Number.NEGATIVE_INFINITY } = this.#promised;
    for (const [index, read] of reads.entries()) {
      this.#read(read);
      if (index % SLICE === 0) yield;
    }
    const invalidations = this.#invalidations.filter(({ called }) => called >= judgedUntil);
    for (const invalidation of invalidations) this.#invalidation(invalidation);
    yield;
    for (const ofKey of byKeyOf(loads)) {
      this.#loads(ofKey, judgedUntil);
      yield;
    }
    for (const { kind, by, at, text } of this.#history.events) {
      if (kind !== 'error' && kind !== 'stall') this.#violate(`${kind}: ${by} at ${shown(at)}: ${text}`, { by, at });
    }
    return {
      violations: this.#violations,
      places: this.#places,
      lags: this.#lags,
      account: {
        reads: reads.length,
        byMemory: reads.filter(({ how }) => how === 'memory').length,
        loads: loads.filter(({ began }) => began >= judgedUntil).length,
        invalidations: invalidations.length,
        rejected: invalidations.filter(({ error }) => error !== undefined).length,
        worstLag: this.#worstLag,
        late: this.#late,
        excused: this.#excused,
      },
    };
  }

  #read(read: ReadRecord): void {
    if (read.error !== undefined && !read.error.startsWith('SourceFailure')) {
      return this.#complain('a read failed because of the cache', read, read.error);
    }
    const { value } = read;
    if (value === undefined) return;
    const origin = this.#origins.get(value.id);
    if (origin === undefined) {
      // A process that was killed may not have told all that it did.
      const isLost = [...this.#history.killed.keys()].some((name) => value.id.startsWith(`${name}/`));
      return isLost ? undefined : this.#complain('nobody loaded it', read, value.id);
    }
    if (value.key !== read.key || value.row !== origin.row) return this.#complain('another value', read, value.id);
    const invalidations = this.#of(read.key);
    const before = this.#lags.length;
    for (let index = invalidations.length - 1; index >= 0; index--) {
      const invalidation = invalidations[index] as InvalidationRecord;
      if (invalidation.called <= origin.began) break;
      if (invalidation.called >= read.end || invalidation.id === value.id) continue;
      if (covers(invalidation.scope, invalidation.name, value) && !mayComeAfter(origin, invalidation)) {
        this.#outlived(read, value, { origin, invalidation });
      }
    }
    // Of all that one value outlived, the first counts.
    const lags = this.#lags.splice(before).sort((a, b) => b.ms - a.ms);
    this.#lags.push(...lags.slice(0, 1));
  }

  /** A value was answered that came before an invalidation. */
  #outlived(
    read: ReadRecord,
    value: Value,
    { origin, invalidation }: { origin: Origin; invalidation: InvalidationRecord },
  ): void {
    const say = (rule: string): void => this.#complain(rule, read, told(value, origin, invalidation));
    const { by, called, over, error } = invalidation;
    if (by === read.by && called < read.at) return say('G3, own process');
    const isTold = over !== undefined && (error === undefined || !this.#history.killed.has(by));
    if (read.at >= this.#promised.restFrom && isTold) return say('G5, at rest');
    if (over === undefined || error !== undefined || over >= read.at) return;
    const lag = read.at - over;
    const { staleBound, detachedTtl } = this.#promised;
    const around = { from: over - staleBound, to: read.at, key: read.key };
    const isCut = this.#isDisturbed('path', read.by, around) || this.#isSlow(read.by, around);
    const allowed = staleBound + (isCut ? detachedTtl : 0);
    if (read.how === 'own') return say('G1, not by memory');
    if (lag > allowed + ROUNDING) return say(`G2, ${lag.toFixed(1)} ms late of at most ${allowed}`);
    this.#late++;
    const during = isCut ? 'cut' : this.#isCalm(read.by, around) ? 'calm' : 'fault';
    this.#lags.push({ ms: lag, during, late: Math.min(lag, read.late ?? 0) });
    this.#worstLag = Math.max(this.#worstLag, lag);
  }

  #invalidation({ by, scope, name, called, over, error }: InvalidationRecord): void {
    const what = `${by}: ${scope} ${name} called at ${shown(called)}`;
    if (over === undefined) {
      if (!this.#history.killed.has(by)) this.#violate(`without an end: ${what}`, { by, at: called });
      return;
    }
    if (error === undefined) return;
    if (!error.startsWith('InvalidationPendingError')) this.#violate(`${what} failed: ${error}`, { by, at: over });
    const key = scope === 'key' || scope === 'set' ? name : undefined;
    const around = { from: called - this.#promised.staleBound, to: over, key };
    const isRefused = EXCUSES_LOADS.some((of) => of !== 'state' && this.#isDisturbed(of, by, around));
    if (!isRefused && !this.#isSlow(by, around)) {
      this.#violate(`rejected though nothing stood in its way: ${what}: ${error}`, { by, at: over, key });
    }
  }

  /** G6: no two at a time for one key, unless something came between them. */
  #loads(ofKey: readonly LoadRecord[], judgedUntil: number): void {
    ofKey.forEach((second, index) => {
      if (second.began < judgedUntil) return;
      for (const first of ofKey.slice(Math.max(0, index - 20), index)) {
        const end = first.ended ?? this.#history.killed.get(first.by) ?? first.began;
        if (end <= second.began) continue;
        const { key, by, began: at } = second;
        if (this.#isExcused(key, first, second)) this.#excused++;
        else {
          const both = `${loadShown(first)} and ${loadShown(second)}`;
          this.#violate(`G6, two loads of ${key} at once: ${both}`, { by, at, key, other: first.by });
        }
      }
    });
  }

  #isExcused(key: string, first: LoadRecord, second: LoadRecord): boolean {
    const between = this.#of(key).some(
      (one) => one.called <= second.began && this.#lastHeardOf(one, key) >= first.began - ON_ITS_WAY,
    );
    if (between || this.#isAroundADeath(first.began, second.began)) return true;
    // A lease that was there before something was lost counts for nothing after it.
    const around = { from: first.began - this.#promised.staleBound - ON_ITS_WAY, to: second.began, key };
    // What was missed may have ended the first: who missed it joins no load from before, gives its lease back, and begins anew, or another does.
    if (this.#isDisturbed('messages', first.by, { ...around, from: first.began })) return true;
    return [first, second].some(
      ({ by }) => EXCUSES_LOADS.some((of) => this.#isDisturbed(of, by, around)) || this.#isSlow(by, around),
    );
  }

  /** Whether an invalidation of which nobody was told any more may have come between. */
  #isAroundADeath(from: number, to: number): boolean {
    const deaths = [...this.#history.killed.values()];
    return deaths.some((at) => at - UNTOLD <= to && at + ON_ITS_WAY >= from - ON_ITS_WAY);
  }

  /** What was rejected is told of later, and by the next rest for sure; what was called by who was killed then, soon or never. */
  #lastHeardOf({ by, over, error }: InvalidationRecord, key: string): number {
    const { judgedUntil = Number.NEGATIVE_INFINITY, staleBound } = this.#promised;
    if (over === undefined) return (this.#history.killed.get(by) ?? Infinity) + RETURN;
    if (error !== undefined) return over < judgedUntil ? judgedUntil : Infinity;
    // Who has just returned says it once more, when all listen.
    const around = { from: over - staleBound, to: over, key };
    const isAnnounced = this.#isDisturbed('path', by, around) || this.#isSlow(by, around);
    return isAnnounced ? over + staleBound : over;
  }

  /** A path is not whole again before the process has found that out, and what was missed is not known before it listens again. */
  #isDisturbed(of: Disturbance['of'], by: string, around: Around): boolean {
    const later = of === 'path' ? RETURN : of === 'messages' ? ON_ITS_WAY : 0;
    return this.#history.disturbances.some(
      (one) =>
        one.of === of &&
        (one.process === undefined || one.process === by) &&
        (one.concerns === undefined || around.key === undefined || one.concerns(around.key)) &&
        one.from <= around.to &&
        one.to + later >= around.from,
    );
  }

  #isCalm(by: string, around: Around): boolean {
    return !ALL_KINDS.some((of) => this.#isDisturbed(of, by, around));
  }

  /**
   * Whether the process stood still, or the machine was too slow for what it asked of Redis: it was as good as cut off then. A
   * silence is told of once, however long it lasts, and after it a process returns as from a cut.
   */
  #isSlow(by: string, around: Around): boolean {
    const { from, to } = around;
    return this.#history.events.some(({ kind, by: whose, at, text }) => {
      if (whose !== by || at > to + ON_ITS_WAY) return false;
      if (kind === 'stall') return at >= from;
      if (kind !== 'error' || at < from - RETURN) return false;
      return SILENCE.test(text) || (BREAK.test(text) && !this.#isOfOthers(by, at, around.key));
    });
  }

  /** Whether a break has its reason in what befell other keys. Of a silence that cannot be told: it may be the machine's. */
  #isOfOthers(by: string, at: number, key: string | undefined): boolean {
    if (key === undefined) return false;
    return this.#history.disturbances.some(
      ({ of, process = by, concerns, from, to }) =>
        of === 'path' && process === by && concerns?.(key) === false && from <= at && to + RETURN >= at,
    );
  }

  #of(key: string): readonly InvalidationRecord[] {
    let known = this.#byKey.get(key);
    if (known === undefined) {
      known = this.#invalidations.filter(({ scope, name }) => mayCover(scope, name, key));
      this.#byKey.set(key, known);
    }
    return known;
  }

  #complain(rule: string, { by, key, at, end, how }: ReadRecord, what: string): void {
    this.#violate(`${rule}: ${by} read ${key} from ${shown(at)} to ${shown(end)}, by ${how}: ${what}`, { by, at, key });
  }

  #violate(text: string, place: Place): void {
    this.#violations.push(text);
    this.#places.push(place);
  }
}

/** Those of each key, in the order in which they began. */
function byKeyOf(loads: readonly LoadRecord[]): Iterable<readonly LoadRecord[]> {
  const byKey = new Map<string, LoadRecord[]>();
  for (const load of [...loads].sort((a, b) => a.began - b.began)) {
    const ofKey = byKey.get(load.key);
    if (ofKey === undefined) byKey.set(load.key, [load]);
    else ofKey.push(load);
  }
  return byKey.values();
}

/** A value that was set while the other was invalidated, or after it, may have come after it. */
function mayComeAfter(origin: Origin, invalidation: InvalidationRecord): boolean {
  return origin.setOver !== undefined && origin.by !== invalidation.by && origin.setOver > invalidation.called;
}
