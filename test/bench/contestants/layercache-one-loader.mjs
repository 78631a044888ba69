import { createLayerCache } from '../../../dist/esm/index.js';

/** One loader for all calls, which gets the key from its context: a hit allocates nothing on the caller's side. */
export function make({ load, room }) {
  const cache = createLayerCache({ ttl: '1h', memory: { max: room.entries } });
  const loadByContext = ({ key }) => load(key);
  return { read: (key) => cache.getOrSet(key, loadByContext) };
}
