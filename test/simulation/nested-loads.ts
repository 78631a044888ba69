import { createLayerCache } from '../../lib/index.js';
import { ManualClock } from '../../lib/testing/index.js';
import { seededRandom } from '../support/seeded-random.js';
import { settle } from '../support/source.js';

/** What one run found wrong: nothing, when all is well. */
export type Faults = readonly string[];

interface Plan {
  /** The keys that a load calls, in steps; those of one step at once. */
  readonly calls: readonly (readonly number[])[];
  readonly fails: boolean;
  /** Whether the load ends without waiting for what it has called last. */
  readonly leavesWorkBehind: boolean;
}

/**
 * Loads that call each other, downwards only so that no circle is theirs, under a limit that is far too small; with
 * callers who leave, loads that fail, and work that is left behind. No load has a time limit: so if slots were lost, or
 * held by who waits for them, something would hang. At rest exactly as many loads as the limit says must run at once.
 */
export async function runNestedLoads(seed: number): Promise<Faults> {
  const random = seededRandom(seed);
  const pick = (below: number): number => Math.floor(random() * below);
  const limit = 1 + pick(4);
  const cache = createLayerCache({ loads: limit, timeout: false, ttl: '1ms', jitter: 0 }, { clock: new ManualClock() });
  const plans = Array.from({ length: 4 + pick(10) }, (_, key): Plan => {
    const steps = key === 0 ? 0 : pick(3);
    return {
      calls: Array.from({ length: steps }, () => Array.from({ length: 1 + pick(3) }, () => pick(key))),
      fails: random() < 0.1,
      leavesWorkBehind: random() < 0.1,
    };
  });
  let open = 0;

  const call = async (key: number): Promise<void> => {
    open++;
    const leaving = random() < 0.15 ? new AbortController() : undefined;
    const options = { force: random() < 0.1, ...(leaving === undefined ? {} : { signal: leaving.signal }) };
    const read = cache.getOrSet(`k${key}`, () => load(plans[key] as Plan), options);
    const ended = read.then(
      () => undefined,
      () => undefined,
    );
    if (leaving !== undefined && random() < 0.5) await settle();
    leaving?.abort(new Error('left'));
    await ended;
    open--;
  };

  const load = async (plan: Plan): Promise<number> => {
    if (random() < 0.5) await settle();
    for (const [step, keys] of plan.calls.entries()) {
      const calls = Promise.all(keys.map(call));
      if (plan.leavesWorkBehind && step === plan.calls.length - 1) break;
      await calls;
    }
    if (plan.fails) throw new Error('source is down');
    return 1;
  };

  for (let round = 0; round < 5; round++) {
    for (let calls = pick(12); calls > 0; calls--) void call(pick(plans.length));
    if (random() < 0.5) await settle();
  }
  for (let turn = 0; turn < 500 && open > 0; turn++) await settle();
  const faults = open === 0 ? [] : [`${open} calls never ended under a limit of ${limit}`];
  const begun = await begunAtRest(cache, limit);
  return begun === limit ? faults : [...faults, `${begun} loads ran at once at rest under a limit of ${limit}`];
}

async function begunAtRest(cache: ReturnType<typeof createLayerCache>, limit: number): Promise<number> {
  let begun = 0;
  let end: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (end = resolve));
  const reads = Array.from({ length: limit + 3 }, (_, index) =>
    cache.getOrSet(`rest ${index}`, () => {
      begun++;
      return gate.then(() => index);
    }),
  );
  const seen = begun;
  end();
  await Promise.all(reads);
  return seen;
}
