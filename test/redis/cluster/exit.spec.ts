import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import { RedisCluster } from '../../support/redis/redis-cluster.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

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
console.log('done', performance.now());
process.on('exit', () => console.log('exit', performance.now()));
`;

let cluster: RedisCluster;
let program: string;

beforeAll(async () => {
  cluster = await RedisCluster.start();
  const { outputFiles } = await build({
    stdin: { contents: PROGRAM, resolveDir: ROOT, loader: 'ts' },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    external: ['ioredis'],
  });
  program = outputFiles[0]?.text ?? '';
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
    const env = { ...process.env, NODES: JSON.stringify(nodes), MOMENT: moment, CLOSES: closes };
    const child = spawn(process.execPath, ['--input-type=module', '-'], { cwd: ROOT, env, stdio: 'pipe' });
    child.stdin.end(program);
    const [out, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
    expect(errors).toBe('');
    const [done, exit] = [...out.matchAll(/\d+\.\d+/g)].map(Number);
    expect(Number(exit) - Number(done)).toBeLessThan(1_500);
  });
});
