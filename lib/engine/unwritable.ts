import { labelOf } from '../core/errors.js';

/** Says what cannot be kept in Redis, and the cure. */
export type SaysUnwritable = (name: string, reason: string) => string;

/** Once for each function, and once for all keys that are no calls. */
export function unwritableIn(memory: object | false): SaysUnwritable {
  const instead = memory === false ? 'and there is no memory to keep it in' : "and stays in this process's memory";
  return (name, reason) =>
    `${name.includes('(') ? labelOf(name) : 'getOrSet()'}: its value is not written to Redis, because ${reason}, ${instead}. ` +
    'Return plain data, or name the class by `type`.';
}
