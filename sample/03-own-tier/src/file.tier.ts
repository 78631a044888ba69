import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FarTier } from 'nestjs-layercache';

/** A far tier on files: one for each key, in one folder, which several processes may share. Whoever owns the folder sweeps it. */
export class FileTier implements FarTier {
  readonly name = 'files';

  constructor(private readonly folder: string) {}

  async get(key: string): Promise<Uint8Array | undefined> {
    const file = await readFile(this.pathOf(key)).catch(undefinedIfMissing);
    return file === undefined || file.readDoubleBE() <= Date.now() ? undefined : file.subarray(8);
  }

  async set(key: string, bytes: Uint8Array, ttlMs: number): Promise<void> {
    const end = Buffer.alloc(8);
    end.writeDoubleBE(Date.now() + ttlMs);
    const draft = join(this.folder, randomUUID());
    await mkdir(this.folder, { recursive: true });
    await writeFile(draft, Buffer.concat([end, bytes]));
    await rename(draft, this.pathOf(key)); // so that nobody reads the half of it
  }

  async delete(key: string): Promise<void> {
    await rm(this.pathOf(key), { force: true });
  }

  /** A key is no name of a file: it may be `../..`, or differ from another by a capital. */
  private pathOf(key: string): string {
    return join(this.folder, createHash('sha256').update(key).digest('hex'));
  }
}

function undefinedIfMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
