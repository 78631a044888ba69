import { mayCover } from './catalogue.js';
import type { History } from './history.js';
import type { Answer, Question } from './records.js';
import { seededRandom } from '../../support/seeded-random.js';

/** The longest that a load takes. */
const LONGEST_LOAD = 20;
/** The share of loads that fail. */
const FAILURES = 0.02;

/** What is cached: rows with numbers, which every write raises. Lives with the test; the workers ask it. */
export class Source {
  readonly #rows = new Map<string, number>();
  readonly #history: History;
  readonly #random: () => number;
  #ids = 0;

  constructor(history: History, seed: number) {
    this.#history = history;
    this.#random = seededRandom(seed);
  }

  answer(by: string, question: Question): Answer {
    return question.what === 'load' ? this.#load(by, question) : this.#write(by, question);
  }

  #load(by: string, { key, began }: Extract<Question, { what: 'load' }>): Answer {
    const row = this.#rows.get(key) ?? this.#change(key);
    const id = `${by}/${++this.#ids}`;
    this.#history.take({ kind: 'load', by, key, row, id, began });
    const ms = this.#random() < 0.3 ? 0 : this.#random() * LONGEST_LOAD;
    return { row, id, fails: this.#random() < FAILURES, ms };
  }

  #write(by: string, { scope, name }: Extract<Question, { what: 'write' }>): Answer {
    const others = [...this.#rows.keys()].filter((key) => key !== name && mayCover(scope, name, key));
    for (const key of others) this.#change(key);
    const row = this.#change(name);
    return { row, id: `${by}/${++this.#ids}`, fails: false, ms: 0 };
  }

  #change(key: string): number {
    const row = (this.#rows.get(key) ?? 0) + 1 + Math.floor(this.#random() * 2);
    this.#rows.set(key, row);
    return row;
  }
}
