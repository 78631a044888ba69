export { createLayerCache } from '../../../node_modules/.cache/hazards/layercache.mjs';
export { RedisCluster } from '../../../node_modules/.cache/hazards/redis-cluster.mjs';
export { RedisServer } from '../../../node_modules/.cache/hazards/redis-server.mjs';
