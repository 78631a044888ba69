import { constants } from 'node:fs';
import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exclusively } from './exclusively.js';
import { run } from './run.js';
import { apt, npm, type Source } from './sources.js';

const NAMES = ['redis-server', 'valkey-server'];

/** Where a server may come from; what is not said is the machine's own. */
export interface Surroundings {
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The folder of the server that was fetched. */
  readonly cache?: string;
  readonly sources?: readonly Source[];
}

/**
 * The path of a server that starts: the one that REDIS_SERVER names, else the machine's own, else the one fetched before, else
 * one fetched now. Without any it throws: a test that needs Redis is never left out.
 */
export async function redisBinary(surroundings: Surroundings = {}): Promise<string> {
  const { env = process.env, cache = defaultCache(), sources = [apt, npm] } = surroundings;
  const named = env['REDIS_SERVER'];
  if (named !== undefined && named !== '') {
    const complaint = await complaintOf(named);
    if (complaint !== undefined) throw new Error(`REDIS_SERVER names ${named}, which is no server: ${complaint}`);
    return named;
  }
  const tried: string[] = [];
  for (const candidate of [...(await onPath(env['PATH'] ?? '')), join(cache, 'redis-server')]) {
    const complaint = await complaintOf(candidate);
    if (complaint === undefined) return candidate;
    tried.push(`${candidate}: ${complaint}`);
  }
  await mkdir(dirname(cache), { recursive: true });
  return exclusively(`${cache}.lock`, () => fetched(cache, sources, tried));
}

async function fetched(cache: string, sources: readonly Source[], tried: string[]): Promise<string> {
  const server = join(cache, 'redis-server');
  // Another process may have fetched it while this one waited.
  if ((await complaintOf(server)) === undefined) return server;
  for (const source of sources) {
    const folder = await mkdtemp(`${cache}-`);
    try {
      await source.fetch(folder);
      const complaint = await complaintOf(join(folder, 'redis-server'));
      if (complaint !== undefined) throw new Error(complaint);
      await rm(cache, { recursive: true, force: true });
      await rename(folder, cache);
      return server;
    } catch (error) {
      tried.push(`${source.name}: ${(error as Error).message}`);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
    // Where processes cannot wait for each other, another one may have been first.
    if ((await complaintOf(server)) === undefined) return server;
  }
  const list = ['REDIS_SERVER: not set', `${NAMES.join(' or ')} on PATH: none that starts`, ...tried];
  throw new Error(
    `There is no Redis server to test with. Install one, or name one in REDIS_SERVER. Tried:\n- ${list.join('\n- ')}`,
  );
}

async function onPath(path: string): Promise<string[]> {
  const candidates = NAMES.flatMap((name) =>
    path
      .split(delimiter)
      .filter((folder) => folder !== '')
      .map((folder) => join(folder, name)),
  );
  const present = await Promise.all(candidates.map(isExecutable));
  return candidates.filter((_candidate, index) => present[index]);
}

function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** What keeps a program from being a server that starts here. */
async function complaintOf(program: string): Promise<string | undefined> {
  try {
    const version = await run(program, ['--version']);
    return /^(redis|valkey) server\b/i.test(version) ? undefined : `says of itself: ${version.trim()}`;
  } catch (error) {
    return (error as Error).message;
  }
}

function defaultCache(): string {
  return fileURLToPath(new URL('../../../node_modules/.cache/redis', import.meta.url));
}
