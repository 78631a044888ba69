import { TOGETHER } from './redis-costs.mjs';

/** X as it is by default, in seconds: a process beats three times meanwhile. */
const BOUND = 2;
const BEATS = 3 / BOUND;
const SECOND = 1e6;
/** Into so many buckets a cache is divided on a cluster: each has a fence, a heartbeat and a channel of its own. */
const BUCKETS = 16;

/**
 * What so many processes and so many invalidations a second cost, by what each thing was measured to cost. One by one: each is a turn
 * of the loop by itself, as when there is little to do. Together: so many wait at each turn that its price is shared.
 */
export class Model {
  #costs;

  constructor(costs) {
    this.#costs = costs;
  }

  /** Microseconds of Redis for an invalidation that so many hear, by what was measured below and above. */
  invalidation(processes, figure) {
    const { rows } = this.#costs.fanOut;
    const above = rows.find(({ subscribers }) => subscribers >= processes) ?? rows.at(-1);
    const below = rows[rows.indexOf(above) - 1];
    const share = (processes - below.subscribers) / (above.subscribers - below.subscribers);
    return below[figure] + share * (above[figure] - below[figure]);
  }

  /** The same for so many that are taken in one turn. */
  group(processes, count) {
    return this.invalidation(processes, 'alone') + (count - 1) * this.#each(processes);
  }

  /**
   * How long a turn of Redis's loop is, in milliseconds: everybody's commands wait for it. Where turns of one invalidation would take
   * all its time, those that come meanwhile are taken together, and turns grow until they take all; undefined where they never do.
   */
  turn(processes, invalidations) {
    const alone = this.invalidation(processes, 'alone');
    if (invalidations * alone < SECOND) return alone / 1_000;
    const share = (invalidations * this.#each(processes)) / SECOND;
    return share < 1 ? (alone - this.#each(processes)) / (1 - share) / 1_000 : undefined;
  }

  /** Of one more in the same turn. */
  #each(processes) {
    const among = TOGETHER * this.invalidation(processes, 'among');
    return (among - this.invalidation(processes, 'alone')) / (TOGETHER - 1);
  }

  /** The share of one Redis, of one processor. */
  redis(processes, invalidations, figure) {
    const beats = processes * BEATS * this.#costs.beat[figure];
    return (invalidations * this.invalidation(processes, figure) + beats) / SECOND;
  }

  beatsOfRedis(processes, figure) {
    return (processes * BEATS * this.#costs.beat[figure]) / SECOND;
  }

  /** The same of each shard of a cluster, where all are of keys, or all of tags: those go to every bucket. */
  shard({ processes, invalidations, shards, kind }, figure) {
    const messages = (invalidations * (kind === 'tag' ? BUCKETS : 1)) / shards;
    const beats = (processes * BEATS * BUCKETS * this.#costs.beat[figure]) / shards;
    return (messages * this.invalidation(processes, figure) + beats) / SECOND;
  }

  bytes(processes, invalidations) {
    return processes * invalidations * this.#costs.fanOut.bytes;
  }

  /** The share of a processor that each process spends on hearing, on its own invalidations and on its heartbeats. */
  process(processes, invalidations, figure) {
    const { heard, own, beatHere } = this.#costs;
    const message = heard.message + (figure === 'alone' ? heard.piece : 0);
    const foreign = (invalidations * (processes - 1)) / processes;
    return (foreign * message + (invalidations / processes) * own[figure] + BEATS * beatHere) / SECOND;
  }

  /** How many invalidations a second take up a whole Redis. */
  wall(processes, figure) {
    return Math.max(0, 1 - this.beatsOfRedis(processes, figure)) * (SECOND / this.invalidation(processes, figure));
  }

  /**
   * How many entries each process may use that change nothing, if nobody were told of anything and each asked for all it uses at
   * every heartbeat: with that many it costs Redis what the messages cost.
   */
  asking(processes, invalidations, perRead) {
    return (invalidations * this.invalidation(processes, 'among')) / (processes * BEATS * perRead);
  }
}
