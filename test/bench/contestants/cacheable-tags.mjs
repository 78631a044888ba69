import { Cacheable, createKeyv } from 'cacheable';

/**
 * `getOrSet` takes no tags, so both sides read by `get` and store by `set`. Tags are off by default and so are off without
 * them. They lie in the primary store: one record per entry and one per tag that was invalidated.
 */
export function make({ load, tagsOf, room }) {
  const records = tagsOf === undefined ? 0 : room.entries + room.tags;
  const primary = createKeyv({ lruSize: room.entries + records, useClone: false });
  const cache = new Cacheable({ ttl: '1h', primary, tags: tagsOf !== undefined });

  const loadAndSet = async (key) => {
    const value = await load(key);
    await cache.set(key, value, { tags: tagsOf?.(key) });
    return value;
  };
  return {
    read: async (key) => (await cache.get(key)) ?? loadAndSet(key),
    invalidateTag: (tag) => cache.tags.invalidateTag(tag),
  };
}
