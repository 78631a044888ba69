import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { redisBinary } from '../support/redis/binary.js';
import type { Source } from '../support/redis/sources.js';

let folder: string;
let cache: string;
let fetches: number;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'binary-'));
  cache = join(folder, 'cache', 'redis');
  fetches = 0;
});

afterEach(() => rm(folder, { recursive: true }));

/** A program that says this of itself when it is asked for its version. */
async function program(path: string, version = 'Redis server v=7.0.15'): Promise<string> {
  const file = join(folder, path);
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, `#!/bin/sh\necho '${version}'\n`, { mode: 0o755 });
  return file;
}

const working: Source = {
  name: 'working',
  fetch: async (into) => {
    fetches++;
    await writeFile(join(into, 'redis-server'), "#!/bin/sh\necho 'Redis server v=7.0.15'\n", { mode: 0o755 });
  },
};

const broken: Source = { name: 'broken', fetch: () => Promise.reject(new Error('no network')) };

function find(path: readonly string[], env: Record<string, string> = {}, sources = [working]): Promise<string> {
  const PATH = path.map((name) => join(folder, name)).join(delimiter);
  return redisBinary({ env: { PATH, ...env }, cache, sources });
}

describe('The server to test with', () => {
  it('is the one that REDIS_SERVER names, whatever else there is', async () => {
    await program('bin/redis-server');
    const named = await program('mine/my-redis');
    expect(await find(['bin'], { REDIS_SERVER: named })).toBe(named);
  });

  it('is none at all if REDIS_SERVER names something else, even if there is another one', async () => {
    await program('bin/redis-server');
    const named = await program('mine/tool', 'A tool 1.0');
    await expect(find(['bin'], { REDIS_SERVER: named })).rejects.toThrow(
      `${named}, which is no server: says of itself`,
    );
    await expect(find(['bin'], { REDIS_SERVER: join(folder, 'absent') })).rejects.toThrow('ENOENT');
  });

  it('is looked for on PATH where REDIS_SERVER is empty', async () => {
    const installed = await program('bin/redis-server');
    expect(await find(['bin'], { REDIS_SERVER: '' })).toBe(installed);
  });

  it('is the first redis-server on PATH', async () => {
    const first = await program('first/redis-server');
    await program('second/redis-server');
    expect(await find(['nothing', 'first', 'second'])).toBe(first);
  });

  it('is a redis-server rather than a valkey-server', async () => {
    await program('first/valkey-server', 'Valkey server v=8.1.1');
    const redis = await program('second/redis-server');
    expect(await find(['first', 'second'])).toBe(redis);
  });

  it('is a valkey-server where there is no redis-server that starts', async () => {
    await program('first/redis-server', 'Out of order');
    const valkey = await program('first/valkey-server', 'Valkey server v=8.1.1');
    expect(await find(['first'])).toBe(valkey);
  });

  it('is the one on PATH rather than the one fetched before', async () => {
    await find([]);
    const installed = await program('bin/redis-server');
    expect(await find(['bin'])).toBe(installed);
  });

  it('is fetched once where there is none', async () => {
    expect(await find([])).toBe(join(cache, 'redis-server'));
    expect(await find([])).toBe(join(cache, 'redis-server'));
    expect(fetches).toBe(1);
  });

  it('is fetched once for all who ask at the same time', async () => {
    await Promise.all([find([]), find([]), find([])]);
    expect(fetches).toBe(1);
  });

  it('is fetched again when the one fetched before does not start', async () => {
    await program('cache/redis/redis-server', 'Out of order');
    expect(await find([])).toBe(join(cache, 'redis-server'));
    expect(fetches).toBe(1);
  });

  it('is fetched from the next source when one fails, or gives what does not start', async () => {
    const useless: Source = {
      ...working,
      fetch: (into) => writeFile(join(into, 'redis-server'), 'x', { mode: 0o755 }),
    };
    expect(await find([], {}, [broken, useless, working])).toBe(join(cache, 'redis-server'));
    expect(fetches).toBe(1);
  });

  it('leaves nothing unfinished behind', async () => {
    await find([], {}, [broken, working]);
    expect((await readdir(join(cache, '..'))).filter((name) => name.startsWith('redis-'))).toEqual([]);
    expect(existsSync(join(cache, 'redis-server'))).toBe(true);
  });

  it('is missed aloud, with all that was tried', async () => {
    await program('bin/redis-server', 'Out of order');
    const missed = find(['bin'], {}, [broken]);
    await expect(missed).rejects.toThrow('There is no Redis server to test with');
    await expect(missed).rejects.toThrow(`${join(folder, 'bin/redis-server')}: says of itself: Out of order`);
    await expect(missed).rejects.toThrow(join(cache, 'redis-server'));
    await expect(missed).rejects.toThrow('broken: no network');
  });

  it('is tried for again after it was missed', async () => {
    await expect(find([], {}, [broken])).rejects.toThrow('no network');
    expect(await find([])).toBe(join(cache, 'redis-server'));
  });
});
