import { seededRandom } from '../support/seeded-random.js';

/** Draws by one seed. */
export class Draws {
  readonly random: () => number;

  constructor(seed: number) {
    this.random = seededRandom(seed);
  }

  /** Draws of their own, so that more or fewer of them elsewhere change nothing here. */
  static of(seed: number, purpose: string): Draws {
    let mixed = Math.imul(seed, 0x9e3779b1);
    for (let index = 0; index < purpose.length; index++) {
      mixed = Math.imul(mixed ^ purpose.charCodeAt(index), 0x01000193);
    }
    return new Draws(mixed);
  }

  chance(share: number): boolean {
    return this.random() < share;
  }

  below(limit: number): number {
    return Math.floor(this.random() * limit);
  }

  between(from: number, to: number): number {
    return from + this.random() * (to - from);
  }

  one<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  some<T>(list: readonly T[], share: number): readonly T[] {
    return list.filter(() => this.chance(share));
  }
}
