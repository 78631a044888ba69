import { createLayerCache } from '../built.mjs';

export const features = ['tags', 'messages', 'late tags', 'old values', 'time limit of loads'];

/** The defaults, but where a hazard says how long an outage may be bridged. */
export async function open({ port, nodes, natMap, prefix, detachedTtl }) {
  const redis = nodes === undefined ? { url: `redis://127.0.0.1:${port}` } : { cluster: nodes, options: { natMap } };
  const cache = createLayerCache(
    { prefix, redis, ...(detachedTtl !== undefined && { detachedTtl }) },
    { warn: () => undefined },
  );
  await cache.ready();
  return {
    getOrSet: (key, load, { refreshBehind, onError, loadLimit, ...options } = {}) =>
      cache.getOrSet(key, ({ adapt }) => load({ tag: (...tags) => adapt({ tags }) }), {
        ...options,
        ...(refreshBehind !== undefined && { staleWhileRevalidate: refreshBehind }),
        ...(onError !== undefined && { staleIfError: onError }),
        ...(loadLimit !== undefined && { timeout: loadLimit }),
      }),
    set: (key, value, options) => cache.set(key, value, options),
    invalidate: (key) => cache.delete(key),
    invalidateTags: (...tags) => cache.invalidateTags(...tags),
    close: () => cache.close(),
  };
}
