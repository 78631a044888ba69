import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Two processes that write the same files would destroy them. */
export class DataFolderInUseError extends Error {
  constructor(path: string, owner: number) {
    super(
      `process ${owner} uses ${path}. Stop it, give this one a folder of its own (DATA_DIR=memory for none), ` +
        'or give both one PostgreSQL by DATABASE_URL.',
    );
  }
}

/** A folder that one process has for itself. */
export class DataFolder {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  static async take(path: string): Promise<DataFolder> {
    const owned = join(path, 'owner');
    await mkdir(path, { recursive: true });
    if (existsSync(owned)) {
      const owner = Number(await readFile(owned, 'utf8'));
      if (isAnotherProcess(owner)) throw new DataFolderInUseError(path, owner);
      await rm(owned, { force: true });
    }
    // Of two that come to a free folder at once, `wx` lets one through.
    await writeFile(owned, String(process.pid), { flag: 'wx' });
    return new DataFolder(path);
  }

  has(name: string): boolean {
    return existsSync(this.#markOf(name));
  }

  /** Opens what is below the folder, or makes it: anew, if its making was cut off. */
  async complete<T>(name: string, open: (path: string) => Promise<T>): Promise<T> {
    const path = join(this.#path, name);
    if (!this.has(name)) await rm(path, { recursive: true, force: true });
    const opened = await open(path);
    await writeFile(this.#markOf(name), '');
    return opened;
  }

  async leave(): Promise<void> {
    await rm(join(this.#path, 'owner'), { force: true });
  }

  #markOf(name: string): string {
    return join(this.#path, `${name}-is-complete`);
  }
}

function isAnotherProcess(id: number): boolean {
  if (!Number.isInteger(id) || id <= 0 || id === process.pid) return false;
  try {
    return process.kill(id, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
