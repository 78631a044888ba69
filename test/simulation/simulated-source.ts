import type { LoadContext } from '../../lib/index.js';
import { type Key, KEYS, kindOf, lateTags, Missing, SourceFailure, Unwritable, type Value } from './catalogue.js';
import type { Draws } from './draws.js';
import type { History, LoadRecord, Resident } from './history.js';
import type { Settings } from './plan.js';
import type { Scheduler } from './scheduler.js';

export interface LoadOrder {
  readonly key: Key;
  readonly by: Resident;
  readonly isForced: boolean;
  readonly context: LoadContext<unknown>;
}

/** Of a load that takes no longer, it matters only where loads are counted whether it is given up before its end. */
const LONG = 30;

/** What is cached: rows that change, behind a source that may be slow, or fail, or never answer. */
export class SimulatedSource {
  readonly rows = Object.fromEntries(KEYS.map((key) => [key, 0])) as Record<Key, number>;
  readonly #scheduler: Scheduler;
  readonly #draws: Draws;
  readonly #history: History;
  readonly #settings: Settings;
  readonly #onLoad: (load: LoadRecord) => void;
  /** The share of loads that fail. */
  failing = 0.02;
  /** Nothing is slow or odd any more. */
  isAtRest = false;

  constructor(
    parts: { scheduler: Scheduler; draws: Draws; history: History; settings: Settings },
    onLoad: (load: LoadRecord) => void,
  ) {
    this.#scheduler = parts.scheduler;
    this.#draws = parts.draws;
    this.#history = parts.history;
    this.#settings = parts.settings;
    this.#onLoad = onLoad;
  }

  /** Answers with the row as it is when this is called. */
  load({ key, by, isForced, context }: LoadOrder): Promise<unknown> {
    if (this.isAtRest) while (kindOf(this.rows[key], this.#settings) !== 'row') this.rows[key]++;
    const value: Value = { key, row: this.rows[key], at: this.#history.moment() };
    const load = this.#history.load({ key, value, by, beganAt: this.#scheduler.now, isForced });
    this.#onLoad(load);
    const end = (): void => this.#history.endLoad(load, this.#scheduler.now);
    const ms = this.#duration();
    if (ms === undefined || ms > LONG || this.#settings.isCalm) context.signal.addEventListener('abort', end);
    return new Promise((resolve, reject) => {
      if (ms === undefined) return;
      const answer = (): void => {
        end();
        if (!this.isAtRest && this.#draws.chance(this.failing)) return reject(new SourceFailure('the source is down'));
        try {
          resolve(this.#answer(load, context));
        } catch (error) {
          reject(error as Error);
        }
      };
      if (ms === 0) return answer();
      by.process.arrives(this.#scheduler.now + ms, answer);
    });
  }

  #answer(load: LoadRecord, context: LoadContext<unknown>): unknown {
    const { value } = load;
    const tags = lateTags(value.key, value.row);
    if (tags.length > 0) context.adapt({ tags });
    const kind = kindOf(value.row, this.#settings);
    if (kind === 'missing') throw new Missing(value);
    if (kind === 'nothing') this.#history.foundNothing(load);
    if (kind === 'nothing') return null;
    const isOdd = !this.isAtRest && this.#draws.chance(this.#settings.oddLoads);
    if (!isOdd) return value;
    if (this.#draws.chance(0.5)) return { ...value, more: new Unwritable() };
    context.skip();
    return value;
  }

  /** Undefined: it never answers. */
  #duration(): number | undefined {
    if (this.isAtRest) return 2;
    const draw = this.#draws.random();
    if (draw < 0.03) return 0;
    if (draw < 0.9) return this.#draws.between(0.5, 30);
    if (draw > 1 - this.#settings.slowLoads / 20) return undefined;
    return this.#draws.chance(this.#settings.slowLoads)
      ? this.#draws.between(100, 5_000)
      : this.#draws.between(30, 200);
  }
}
