import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';

/**
 * Between us and the server stands a shell that reads its stdin. If we are killed, that ends without a word: the shell kills
 * the server, which may be paused, and removes its folder. After a server that is gone we say a word.
 */
const GUARD = `
"$@" >&2 & server=$!
exec 2>/dev/null
echo $server
if read -r word; then wait $server; else kill -KILL $server; wait $server; rm -rf "$GUARDED_FOLDER"; fi
`;
const READY = /Ready to accept connections|Sentinel ID is/;
const LOG_KEPT = 20_000;

/** The server ended before it was ready. */
export class LaunchError extends Error {
  readonly log: string;

  constructor(log: string) {
    super(`the server did not start:\n${log}`);
    this.log = log;
  }
}

/** One run of a server, from its launch until it is gone. */
export class GuardedProcess {
  readonly pid: number;
  /** Resolves when the server is gone, for whatever reason. */
  readonly gone: Promise<void>;
  #running = true;

  private constructor(pid: number, gone: Promise<unknown>) {
    this.pid = pid;
    this.gone = gone.then(() => {
      this.#running = false;
    });
  }

  /** Resolves when the server says that it is ready. The folder is removed if this process dies before the server does. */
  static async launch(command: readonly string[], folder: string): Promise<GuardedProcess> {
    const guard = spawn('/bin/sh', ['-c', GUARD, 'sh', ...command], {
      env: { ...process.env, GUARDED_FOLDER: folder },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const gone = once(guard, 'close');
    // The shell has closed its own end, so this is the end of the server.
    guard.stderr.once('end', () => guard.stdin.end('gone\n'));
    const [[line]] = await Promise.all([once(guard.stdout, 'data') as Promise<[Buffer]>, readiness(guard)]);
    return new GuardedProcess(Number(line.toString()), gone);
  }

  get running(): boolean {
    return this.#running;
  }

  signal(signal: NodeJS.Signals): void {
    if (!this.#running) throw new Error('the server is not running');
    process.kill(this.pid, signal);
  }
}

function readiness(guard: ChildProcessByStdio<Writable, Readable, Readable>): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = '';
    guard.stderr.on('data', (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-LOG_KEPT);
      if (READY.test(log)) resolve();
    });
    guard.stderr.once('end', () => reject(new LaunchError(log)));
    guard.once('error', reject);
  });
}
