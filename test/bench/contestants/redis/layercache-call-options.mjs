import { cacheOn } from './layercache.mjs';

/** Tags as options of the call, one of them the entry's own: each read brings a version that no other needs. */
export async function make({ load, tagsOf, port }) {
  const cache = await cacheOn(port);
  const read = (key) => cache.getOrSet(`find('${key})`, () => load(key), { tags: tagsOf(key) });
  return { read, invalidateTag: (tag) => cache.invalidateTags(tag) };
}
