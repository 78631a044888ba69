import { valueOf } from './data.mjs';

/** A loader that counts, so that a measurement in which something was loaded can be refused. */
export function countingLoader() {
  let loads = 0;
  return {
    // oxlint-disable-next-line typescript/require-await -- loaders are asynchronous, as a query is
    load: async (key) => {
      loads++;
      return valueOf(key);
    },
    refuseLoadsSince: (before) => {
      if (loads !== before) throw new Error(`${loads - before} loads in a part that was to meet hits alone.`);
    },
    count: () => loads,
  };
}
