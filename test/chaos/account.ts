import type { Verdict } from '../redis/processes/verdict.js';
import type { History } from '../redis/processes/history.js';
import type { Sight } from './growth.js';
import { surroundings } from './surroundings.js';
import { Staleness } from './staleness.js';

/** One fault that came and went. */
export interface Suffered {
  readonly name: string;
  readonly began: number;
  readonly ended: number;
}

/** What came of all faults of one kind. */
export interface Outcome {
  times: number;
  ms: number;
  /** While they lasted, and shortly after. */
  reads: number;
  rejected: number;
  /** The longest that a read took. */
  slowest: number;
  violations: number;
}

export interface Violation {
  readonly text: string;
  readonly around: readonly string[];
}

/** So long after its end what happens is still laid to a fault. */
const AFTER = 1_000;
/** Violations that are told of with all that was around them. */
const MOST_TOLD = 50;

/** What a campaign comes to, in figures. */
export class Account {
  minutes = 0;
  readonly outcomes = new Map<string, Outcome>();
  readonly staleness = new Staleness();
  readonly violations: Violation[] = [];
  readonly sights: Sight[] = [];
  violationCount = 0;
  reads = 0;
  byMemory = 0;
  loads = 0;
  excused = 0;
  invalidations = 0;
  rejected = 0;
  worstLag = 0;
  /** Faults that could not be brought about, or not be ended, as they were meant to. */
  vain = 0;
  rests = 0;
  worstRecovery = 0;
  #unjudged: Suffered[] = [];

  get faults(): number {
    return [...this.outcomes.values()].reduce((sum, { times }) => sum + times, 0);
  }

  suffered(one: Suffered): void {
    const outcome = this.outcomes.get(one.name) ?? blank();
    this.outcomes.set(one.name, outcome);
    outcome.times++;
    outcome.ms += one.ended - one.began;
    this.#unjudged.push(one);
  }

  recovered(ms: number): void {
    this.rests++;
    this.worstRecovery = Math.max(this.worstRecovery, ms);
  }

  judged({ account, lags, violations, places }: Verdict, history: History): void {
    this.reads += account.reads;
    this.byMemory += account.byMemory;
    this.loads += account.loads;
    this.excused += account.excused;
    this.invalidations += account.invalidations;
    this.rejected += account.rejected;
    this.worstLag = Math.max(this.worstLag, account.worstLag);
    this.staleness.add(lags);
    this.violationCount += violations.length;
    for (const [index, text] of violations.entries()) {
      const place = places[index];
      if (place === undefined || this.violations.length >= MOST_TOLD) break;
      this.violations.push({ text, around: surroundings(history, place, this.#unjudged) });
    }
    for (const one of this.#unjudged) this.#lay(one, history, places);
    this.#unjudged = [];
  }

  inShort(): string {
    const { faults, reads, byMemory, invalidations, violationCount: violations } = this;
    return `${faults} faults, ${reads} reads checked (${byMemory} by memory), ${invalidations} invalidations, ${violations} violations`;
  }

  #lay({ name, began, ended }: Suffered, history: History, places: Verdict['places']): void {
    const outcome = this.outcomes.get(name) ?? blank();
    for (const { at, end } of history.reads) {
      if (end < began || at > ended + AFTER) continue;
      outcome.reads++;
      outcome.slowest = Math.max(outcome.slowest, end - at);
    }
    const isWithin = (at: number): boolean => at >= began && at <= ended + AFTER;
    for (const { called, error } of history.invalidations) {
      if (error !== undefined && isWithin(called)) outcome.rejected++;
    }
    outcome.violations += places.filter(({ at }) => isWithin(at)).length;
  }
}

function blank(): Outcome {
  return { times: 0, ms: 0, reads: 0, rejected: 0, slowest: 0, violations: 0 };
}
