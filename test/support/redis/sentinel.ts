import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { redisBinary } from './binary.js';
import { GuardedProcess, LaunchError } from './guarded-process.js';
import { likelyFreePort } from '../../../lib/testing/network/likely-free-port.js';
import { type Argument, ask, inText, type Reply } from './resp.js';

const BINARY = await redisBinary();
const ATTEMPTS = 20;

/** A real Sentinel on the loopback, which knows of no primary until it is told. */
export class Sentinel {
  readonly port: number;
  readonly #folder: string;
  readonly #process: GuardedProcess;

  private constructor(port: number, folder: string, process: GuardedProcess) {
    this.port = port;
    this.#folder = folder;
    this.#process = process;
  }

  static async start(): Promise<Sentinel> {
    const folder = await mkdtemp(join(tmpdir(), 'sentinel-'));
    const file = join(folder, 'sentinel.conf');
    for (let attempt = 1; ; attempt++) {
      const port = likelyFreePort();
      await writeFile(file, `port ${port}\nbind 127.0.0.1\ndir ${folder}\n`);
      try {
        return new Sentinel(port, folder, await GuardedProcess.launch([BINARY, file, '--sentinel'], folder));
      } catch (error) {
        if (!(error instanceof LaunchError) || attempt === ATTEMPTS) throw error;
      }
    }
  }

  get running(): boolean {
    return this.#process.running;
  }

  async command(...command: readonly Argument[]): Promise<Reply> {
    return inText(await ask({ port: this.port, greeting: [] }, command));
  }

  /** Makes it watch a primary, which it then names to who asks. So many must agree before it is taken for failed. */
  async monitor(name: string, port: number, quorum = 1): Promise<void> {
    await this.command('SENTINEL', 'MONITOR', name, '127.0.0.1', port, quorum);
  }

  async stop(): Promise<void> {
    if (this.running) this.#process.signal('SIGKILL');
    await this.#process.gone;
    await rm(this.#folder, { recursive: true, force: true });
  }
}
