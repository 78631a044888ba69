export { createLayerCache } from '../../../node_modules/.cache/hazards/layercache.mjs';
export { RedisServer } from '../../../node_modules/.cache/hazards/redis-server.mjs';
