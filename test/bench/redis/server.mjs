import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const folder = join(root, 'node_modules/.cache/bench');

/** Gives a task as many servers of its own as it asks for, and ends them whatever becomes of it. */
export async function withServers(count, task) {
  const { RedisServer } = await harness('server');
  const servers = [];
  try {
    while (servers.length < count) servers.push(await RedisServer.start());
    return await task(...servers);
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}

/** The same with a cluster of three primaries. */
export async function withCluster(task) {
  const { RedisCluster } = await harness('redis-cluster');
  const cluster = await RedisCluster.start();
  try {
    return await task(cluster);
  } finally {
    await cluster.stop();
  }
}

/** How often the server has run each command since it began; asking for it is left out. Commands of scripts count too. */
export async function commandsOf(server) {
  const text = await server.command('INFO', 'commandstats');
  const stats = [...text.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)].map(([, name, calls]) => [name, Number(calls)]);
  return new Map(stats.filter(([name]) => name !== 'info'));
}

/** How many commands came between two looks: all, or those that are named. */
export function commandsBetween(before, after, isCounted = () => true) {
  return [...after].reduce((sum, [name, calls]) => (isCounted(name) ? sum + calls - (before.get(name) ?? 0) : sum), 0);
}

/** The tests' own servers, which end with this process however that ends. */
async function harness(file) {
  const { outputFiles } = await build({
    entryPoints: [join(root, `test/support/redis/${file}.ts`)],
    tsconfig: join(root, 'tsconfig.json'),
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  });
  const path = join(folder, `${file}.mjs`);
  await mkdir(folder, { recursive: true });
  // Under its name it is whole, whoever else makes it now.
  await writeFile(`${path}.${process.pid}`, outputFiles[0].contents);
  await rename(`${path}.${process.pid}`, path);
  return import(pathToFileURL(path).href);
}
