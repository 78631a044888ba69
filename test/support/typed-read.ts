import type { RevivedClass } from '../../lib/wire/value-writer.js';
import type { Member } from './cluster.js';

/** A read of a function's result as a decorated method makes it, with the class of the result where it names one. */
export function typedRead({ cache }: Member, key: string, load: () => unknown, type?: RevivedClass): Promise<unknown> {
  const reads = cache.bind(key.slice(0, key.indexOf('(')));
  const call = { key, args: [], load, runUncached: load, policy: () => reads.policy, type };
  return Promise.resolve(reads.read(call));
}
