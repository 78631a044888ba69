import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { farTierCases } from 'nestjs-layercache/testing';
import { FileTier } from './src/file.tier.js';

let folder: string;

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'own-tier-')), 'made', 'when', 'needed');
});

afterEach(() => rm(join(folder, '..', '..', '..'), { recursive: true }));

describe('A tier on files, as a far tier,', () => {
  for (const { name, run } of farTierCases(() => new FileTier(folder))) it(name, run);
});

describe('A tier on files', () => {
  it('has nothing any more when the time is over', async () => {
    const tier = new FileTier(folder);
    await tier.set('a', Uint8Array.of(1), -1);
    expect(await tier.get('a')).toBe(undefined);
  });

  it('shows another process what it holds, in one file for each key', async () => {
    const tier = new FileTier(folder);
    await Promise.all([tier.set('a', Uint8Array.of(1), 60_000), tier.set('a', Uint8Array.of(1), 60_000)]);
    await tier.set('b', Uint8Array.of(2), 60_000);
    expect(await new FileTier(folder).get('b')).toEqual(Buffer.of(2));
    expect(await readdir(folder)).toHaveLength(2);
  });

  it('says so when it cannot read', async () => {
    await expect(new FileTier('/dev/null').get('a')).rejects.toThrow('ENOTDIR');
  });
});
