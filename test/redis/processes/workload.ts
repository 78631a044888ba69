import { seededRandom } from '../../support/seeded-random.js';
import { keysOf, TAGS } from './catalogue.js';
import { now, type Plan } from './records.js';
import { pause, type WatchedCache } from './watched-cache.js';

/** Users of one process, each of whom calls, waits for the answer, pauses and calls again. */
export class Workload {
  readonly #cache: WatchedCache;
  readonly #plan: Plan;
  readonly #keys: readonly string[];
  readonly #users: Promise<void>[];
  #isOver = false;

  constructor(cache: WatchedCache, plan: Plan) {
    this.#cache = cache;
    this.#plan = plan;
    this.#keys = keysOf(plan.keys);
    cache.ballast = plan.ballast;
    this.#users = Array.from({ length: plan.users }, (_, user) => this.#live(seededRandom(plan.seed * 1_000 + user)));
    if (plan.perSecond > 0) this.#users.push(this.#invalidate(seededRandom(plan.seed)));
  }

  /** Whether all have come to an end in time. */
  async rest(limitMs: number): Promise<boolean> {
    this.#isOver = true;
    let isAtRest = false;
    void Promise.all(this.#users).then(() => {
      isAtRest = true;
    });
    for (const until = now() + limitMs; !isAtRest && now() < until; ) await pause(5);
    return isAtRest;
  }

  async #live(random: () => number): Promise<void> {
    while (!this.#isOver) {
      const [ms, since] = [random() * this.#plan.pauseMs, now()];
      await pause(ms);
      this.#cache.late = Math.max(0, now() - since - ms);
      await (random() < this.#plan.writes ? this.#write(random) : this.#readSome(random));
    }
  }

  /** At their rate, without waiting for what becomes of them. */
  async #invalidate(random: () => number): Promise<void> {
    const since = now();
    const calls: Promise<void>[] = [];
    while (!this.#isOver) {
      await pause(5);
      while (calls.length < ((now() - since) * this.#plan.perSecond) / 1_000) {
        const isOfTag = random() < 0.3;
        calls.push(
          isOfTag ? this.#cache.invalidateTag(pick(TAGS, random())) : this.#cache.delete(pick(this.#keys, random())),
        );
      }
    }
    await Promise.all(calls);
  }

  async #readSome(random: () => number): Promise<void> {
    await Promise.all(Array.from({ length: this.#plan.together }, () => this.#read(random)));
  }

  #read(random: () => number): Promise<void> {
    // The first keys are read more than the last.
    const key = pick(this.#keys, random() * random());
    return random() < 0.05 ? this.#cache.get(key) : this.#cache.read(key);
  }

  #write(random: () => number): Promise<void> {
    const kind = random();
    if (kind < this.#plan.clears) return this.#cache.clear();
    if (kind < 0.45) return this.#cache.invalidateTag(pick(TAGS, random()));
    return kind < 0.75 ? this.#cache.delete(pick(this.#keys, random())) : this.#cache.set(pick(this.#keys, random()));
  }
}

function pick<T>(from: readonly T[], share: number): T {
  return from[Math.floor(share * from.length)] as T;
}
