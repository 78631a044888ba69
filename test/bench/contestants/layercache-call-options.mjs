import { createLayerCache } from '../../../dist/esm/index.js';

/** Tags as options of the call: the caller makes them at every hit, for an engine that looks at them at a miss. */
export function make({ load, tagsOf, room }) {
  const cache = createLayerCache({ ttl: '1h', memory: { max: room.entries } });
  const read =
    tagsOf === undefined
      ? (key) => cache.getOrSet(key, () => load(key))
      : (key) => cache.getOrSet(key, () => load(key), { tags: tagsOf(key) });
  return { read, invalidateTag: (tag) => cache.invalidateTags(tag) };
}
