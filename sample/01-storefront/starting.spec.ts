import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DataFolder } from './src/database/data-folder.js';
import { PostgresDatabase } from './src/database/postgres.database.js';
import { readSettings } from './src/settings.js';
import { reasonOf } from './src/start-failure.js';

async function reasonWhy(start: () => unknown): Promise<string> {
  try {
    await start();
  } catch (error) {
    return reasonOf(error);
  }
  return 'it started';
}

describe('A storefront that cannot start', () => {
  const environment = { ...process.env };

  afterEach(() => {
    process.env = { ...environment };
  });

  it.each([
    ['PORT', 'abc', "PORT is 'abc'; it takes a whole number from 0 to 65535."],
    ['PRODUCTS', '0', "PRODUCTS is '0'; it takes a whole number from 1 to 1000000."],
    ['CACHE', 'no', "CACHE is 'no'; it takes on or off."],
    ['REDIS_URL', 'localhost:6379', 'REDIS_URL is no address that begins with redis:// or rediss://.'],
  ])('says of %s=%s that %s', async (name, given, reason) => {
    process.env[name] = given;
    expect(await reasonWhy(readSettings)).toBe(reason);
  });

  it('says why the database cannot be used, but no password', async () => {
    const reason = await reasonWhy(() => PostgresDatabase.open('postgres://shop:secret@127.0.0.1:1/shop'));
    expect(reason).toContain('the database 127.0.0.1:1/shop cannot be used');
    expect(reason).toContain('leave DATABASE_URL out');
    expect(reason).not.toContain('secret');
  });

  it('says which port is in use, and proposes the next', () => {
    expect(reasonOf(Object.assign(new Error('in use'), { code: 'EADDRINUSE', port: 3000 }))).toContain('PORT=3001');
  });
});

describe('A data folder', () => {
  let path: string;

  beforeEach(async () => {
    path = await mkdtemp(join(tmpdir(), 'storefront-'));
  });

  afterEach(async () => {
    await rm(path, { recursive: true, force: true });
  });

  it('is refused to a second process while the first one runs', async () => {
    await writeFile(join(path, 'owner'), String(process.ppid));
    expect(await reasonWhy(() => DataFolder.take(path))).toContain(`process ${process.ppid} uses ${path}. Stop it`);
  });

  it('is taken over from a process that has ended without leaving it', async () => {
    await writeFile(join(path, 'owner'), '2147483646');
    const folder = await DataFolder.take(path);
    await folder.leave();
    expect(await readdir(path)).toEqual([]);
  });

  it('keeps what was made, and makes anew what was cut off', async () => {
    const folder = await DataFolder.take(path);
    const append = (file: string) => appendFile(file, 'made;');
    await writeFile(join(path, 'database'), 'half of it');
    await folder.complete('database', append);
    await folder.complete('database', append);
    expect(await readFile(join(path, 'database'), 'utf8')).toBe('made;made;');
  });
});
