import type { Plan } from './plan.js';
import { type Run, simulate } from './simulation.js';
import type { Kit } from './world.js';

/** Leaves out of a plan whatever is not needed for it to fail: first what goes wrong, then what is called. */
export async function shrink(plan: Plan, kit: Kit): Promise<Plan> {
  const fails = async (smaller: Plan): Promise<boolean> => (await simulate(smaller, kit)).violations.length > 0;
  let smallest = plan;
  for (let before = Number.POSITIVE_INFINITY; sizeOf(smallest) < before; ) {
    before = sizeOf(smallest);
    smallest = { ...smallest, faults: await without(smallest.faults, (faults) => fails({ ...smallest, faults })) };
    const { operations } = smallest;
    smallest = {
      ...smallest,
      operations: await without(operations, (fewer) => fails({ ...smallest, operations: fewer })),
    };
  }
  return smallest;
}

/** What is left of a plan, and what it leads to. */
export function account({ seed, settings, faults, operations }: Plan, { trace, violations }: Run): string {
  const lines = (list: readonly object[]): string => list.map((one) => `  ${JSON.stringify(one)}`).join('\n');
  return [
    `seed ${seed}`,
    `settings ${JSON.stringify(settings)}`,
    `faults\n${lines(faults)}`,
    `calls\n${lines(operations)}`,
    `history\n${upToTheLastViolation(trace).join('\n')}`,
    ...violations,
  ].join('\n');
}

function upToTheLastViolation(trace: readonly string[]): readonly string[] {
  const last = trace.findLastIndex((line) => line.includes(' VIOLATION '));
  return last < 0 ? trace : trace.slice(0, last + 1);
}

function sizeOf({ faults, operations }: Plan): number {
  return faults.length + operations.length;
}

/** Tries to do without ever smaller parts of a list. */
async function without<T>(
  list: readonly T[],
  stillFails: (list: readonly T[]) => Promise<boolean>,
): Promise<readonly T[]> {
  let left = list;
  for (let size = Math.ceil(left.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let start = 0; start < left.length; ) {
      const fewer = [...left.slice(0, start), ...left.slice(start + size)];
      if (await stillFails(fewer)) left = fewer;
      else start += size;
    }
  }
  return left;
}
