import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ended, programOf } from '../../support/ended-program.js';
import { RedisCluster } from '../../support/redis/redis-cluster.js';

/** Has a cache on a cluster, does as it is told, and then has nothing left to do. */
const PROGRAM = `
import { createLayerCache } from './lib/engine/create-layer-cache.ts';

const warn = () => undefined;
const cluster = JSON.parse(process.env.NODES);
const cache = createLayerCache({ prefix: 'shop', redis: { cluster } }, { warn });
// A start alone keeps no process.
const start = setInterval(() => undefined, 1_000);
if (process.env.MOMENT !== 'opened') await cache.ready();
clearInterval(start);
if (process.env.MOMENT === 'used') await cache.getOrSet('k', () => Promise.resolve('loaded'));
if (process.env.CLOSES === 'yes') await cache.close();
`;

let cluster: RedisCluster;
let program: string;

beforeAll(async () => {
  cluster = await RedisCluster.start();
  program = await programOf(PROGRAM);
});

afterAll(() => cluster.stop());

describe('A process', () => {
  it.each([
    ['after it closed a cache on a cluster that was used', 'used', 'yes'],
    ['after it closed one that was just opened', 'opened', 'yes'],
    ['after it closed one that found no node', 'refused', 'yes'],
    ['with one that found no node', 'refused', 'no'],
  ])('ends %s', async (_, moment, closes) => {
    const nodes = moment === 'refused' ? [{ host: '127.0.0.1', port: 9 }] : cluster.startupNodes;
    const { errors, lingered } = await ended(program, { NODES: JSON.stringify(nodes), MOMENT: moment, CLOSES: closes });
    expect(errors).toBe('');
    expect(lingered).toBeLessThan(1_500);
  });
});
