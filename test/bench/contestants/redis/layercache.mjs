import { createLayerCache } from '../../../../dist/esm/index.js';

/** A wrapped function, whose options are decided once; so are its tags, which all its results share. No memory. */
export async function make({ load, tagsOf, port }) {
  const cache = await cacheOn(port);
  const read = cache.wrap('find', load, tagsOf === undefined ? undefined : { tags: tagsOf() });
  return { read, invalidateTag: (tag) => cache.invalidateTags(tag) };
}

export async function cacheOn(port) {
  const cache = createLayerCache({
    prefix: 'bench',
    redis: { url: `redis://127.0.0.1:${port}` },
    memory: false,
    ttl: '1h',
  });
  await cache.ready();
  return cache;
}
