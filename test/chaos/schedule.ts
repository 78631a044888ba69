import { seededRandom } from '../support/seeded-random.js';
import type { Plan } from '../redis/processes/records.js';
import type { Aim, Draw, FaultKind } from './fault.js';

export interface Blow {
  readonly kind: FaultKind;
  readonly draw: Draw;
  /** How long after the first of the same step it falls. */
  readonly after: number;
}

/** What happens next: nothing for a while, and then one fault, or two at a time. */
export interface Step {
  readonly calm: number;
  readonly blows: readonly Blow[];
}

export interface ScheduleOptions {
  readonly seed: number;
  readonly seats: number;
  readonly kinds: readonly FaultKind[];
}

const AIMS: readonly (readonly [Aim, number])[] = [
  ['redis', 0.56],
  ['way', 0.24],
  ['process', 0.2],
];
/** The share of steps with two faults, and of pauses that are long. */
const TOGETHER = 0.12;
const LONG_CALM = 0.2;
/** The share of faults that last longer than is usual. */
const LONG = 0.04;

/** All that is drawn of a campaign, in an order that knows nothing of how long anything takes. */
export class Schedule {
  readonly #options: ScheduleOptions;
  readonly #random: () => number;
  readonly #workloads: () => number;

  constructor(options: ScheduleOptions) {
    this.#options = options;
    this.#random = seededRandom(options.seed);
    this.#workloads = seededRandom(options.seed + 1_000_003);
  }

  next(): Step {
    const random = this.#random;
    const calm = random() < LONG_CALM ? 1_500 + random() * 1_500 : 100 + random() * 900;
    const first = this.#aim(random());
    const blows = [this.#blow(first, 0)];
    const isTogether = random() < TOGETHER;
    const after = random() * 300;
    const second = this.#aim(random());
    // Two at the same place would undo one another.
    if (isTogether && first !== second && (first === 'redis' || second === 'redis'))
      blows.push(this.#blow(second, after));
    return { calm, blows };
  }

  /** What the processes do until the next rest. */
  workload(): Plan {
    const random = this.#workloads;
    return {
      seed: Math.floor(random() * 1_000_000),
      users: 7 + Math.floor(random() * 4),
      pauseMs: 16 + random() * 10,
      together: 2 + Math.floor(random() * 5),
      writes: random() < 0.5 ? 0.01 + random() * 0.03 : 0.04 + random() * 0.08,
      clears: random() < 0.3 ? 0 : 0.02,
      perSecond: random() < 0.4 ? 30 : 0,
      keys: [12, 24, 48][Math.floor(random() * 3)] as number,
      ballast: random() < 0.5 ? 0 : Math.floor(random() * 4_000),
    };
  }

  #aim(share: number): Aim {
    const possible = AIMS.filter(([aim]) => this.#options.kinds.some((kind) => kind.aim === aim));
    return weighted(possible, ([, weight]) => weight, share)[0];
  }

  #blow(aim: Aim, after: number): Blow {
    const { kinds, seats } = this.#options;
    const random = this.#random;
    const ofAim = kinds.filter((kind) => kind.aim === aim);
    const kind = weighted(ofAim, ({ weight }) => weight, random());
    const [least, usual, most] = kind.lengths ?? [0, 0, 0];
    const [isLong, part] = [random() < LONG, random()];
    // Most of them short: the square of a number below one is nearer to nothing.
    const ms = isLong ? usual + part ** 2 * (most - usual) : least + part ** 2 * (usual - least);
    return { kind, draw: { ms: Math.round(ms), seat: Math.floor(random() * seats), share: random() }, after };
  }
}

function weighted<T>(from: readonly T[], weightOf: (one: T) => number, share: number): T {
  let left = share * from.reduce((sum, one) => sum + weightOf(one), 0);
  for (const one of from) {
    left -= weightOf(one);
    if (left < 0) return one;
  }
  return from.at(-1) as T;
}
