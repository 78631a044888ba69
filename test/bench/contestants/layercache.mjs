import { createLayerCache } from '../../../dist/esm/index.js';

/** A closure per call, as in application code. Tags are told by the loader, so that a hit has no part in them. */
export function make({ load, tagsOf, room }) {
  const cache = createLayerCache({ ttl: '1h', memory: { max: room.entries } });
  const read =
    tagsOf === undefined
      ? (key) => cache.getOrSet(key, () => load(key))
      : (key) =>
          cache.getOrSet(key, (context) => {
            context.adapt({ tags: tagsOf(key) });
            return load(key);
          });
  return { read, invalidateTag: (tag) => cache.invalidateTags(tag) };
}
