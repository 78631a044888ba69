import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, watch } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { redisBinary } from '../support/redis/binary.js';
import { ask } from '../support/redis/resp.js';

/** What the child process runs: it starts servers, says where they are, and does nothing more. */
const OWNER = `
  import { RedisServer } from './server.js';
  const servers = await Promise.all([RedisServer.start(), RedisServer.start()]);
  if (process.argv.includes('paused')) for (const server of servers) server.pause();
  process.stdout.write(JSON.stringify(servers.map(({ pid, port }) => ({ pid, port }))));
`;

let folder: string;
let owner: ChildProcess | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'orphans-'));
});

afterEach(async () => {
  owner?.kill('SIGKILL');
  await rm(folder, { recursive: true });
});

interface Owned {
  readonly pid: number;
  readonly port: number;
}

async function startOwner(...args: readonly string[]): Promise<readonly Owned[]> {
  const outfile = join(folder, 'owner.mjs');
  await build({
    stdin: { contents: OWNER, resolveDir: fileURLToPath(new URL('../support/redis', import.meta.url)) },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
  });
  const env = { ...process.env, REDIS_SERVER: await redisBinary(), TMPDIR: folder };
  const child = spawn(process.execPath, [outfile, ...args], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  owner = child;
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return JSON.parse(line.toString()) as Owned[];
}

function foldersOfServers(): string[] {
  return readdirSync(folder).filter((name) => name.startsWith('redis-'));
}

/** Resolves when no folder of a server is left; each is removed once its server is gone. */
function foldersGone(): Promise<void> {
  return new Promise((gone) => {
    const watcher = watch(folder, () => {
      if (foldersOfServers().length > 0) return;
      watcher.close();
      gone();
    });
  });
}

describe('When a process that owns Redis servers is killed,', () => {
  it.each([
    ['they end with it, and their folders are removed', []],
    ['they do so even while they are paused', ['paused']],
  ])('%s', async (_title, args) => {
    const servers = await startOwner(...args);
    expect(foldersOfServers()).toHaveLength(2);
    const gone = foldersGone();
    owner?.kill('SIGKILL');
    await gone;
    for (const { pid, port } of servers) {
      expect(() => process.kill(pid, 0)).toThrow('ESRCH');
      await expect(ask({ port, greeting: [] }, ['PING'])).rejects.toThrow('ECONNREFUSED');
    }
  });
});
