import { BentoCache, bentostore } from 'bentocache';
import { memoryDriver } from 'bentocache/drivers/memory';

/** The memory driver as it is by default: it keeps JSON, and every reader gets an object of its own. */
export function make(scene) {
  return makeOn({}, scene);
}

/** Tags are records of the same store, one for each tag that was ever looked at, and need room there. */
export function makeOn(driverOptions, { load, tagsOf, room }) {
  const driver = memoryDriver({ maxItems: room.entries + room.tags, ...driverOptions });
  const cache = new BentoCache({ default: 'memory', ttl: '1h', stores: { memory: bentostore().useL1Layer(driver) } });
  const read =
    tagsOf === undefined
      ? (key) => cache.getOrSet({ key, factory: () => load(key) })
      : (key) => cache.getOrSet({ key, factory: () => load(key), tags: tagsOf(key) });
  return { read, invalidateTag: (tag) => cache.deleteByTag({ tags: [tag] }) };
}
