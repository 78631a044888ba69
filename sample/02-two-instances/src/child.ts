import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

export interface Program {
  readonly name: string;
  readonly path: string;
  readonly env: NodeJS.ProcessEnv;
  /** Ends the process when this one is gone. */
  readonly leash: URL;
}

const FAREWELL_MS = 5_000;
const OUTPUT_KEPT = 20_000;

/** A process of ours and what it has printed. */
export class Child {
  readonly name: string;
  readonly #process: ChildProcess;
  readonly #ended: Promise<unknown>;
  #output = '';

  constructor({ name, path, env, leash }: Program) {
    this.name = name;
    this.#process = fork(path, {
      env: { ...process.env, ...env },
      execArgv: ['--enable-source-maps', '--import', leash.href],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // Out of reach of the terminal's Ctrl-C, which would end all processes at once and in no order.
      detached: true,
    });
    this.#ended = once(this.#process, 'close');
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.#output = (this.#output + chunk.toString()).slice(-OUTPUT_KEPT);
      });
    }
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  get lastLine(): string {
    return this.#output.trim().split('\n').at(-1) ?? '';
  }

  /** What the process prints in this place, as soon as it does. */
  async says(pattern: RegExp): Promise<string> {
    return new Promise((said, failed) => {
      const look = (): void => {
        const found = pattern.exec(this.#output)?.[1];
        if (found === undefined) return;
        this.#process.stdout?.off('data', look);
        said(found);
      };
      this.#process.stdout?.on('data', look);
      look();
      this.#ended.then(
        () => failed(new Error(`The ${this.name} did not start. It said:\n${this.#output.trim()}`)),
        failed,
      );
    });
  }

  async stop(): Promise<void> {
    this.#process.kill('SIGTERM');
    const timer = setTimeout(() => this.#process.kill('SIGKILL'), FAREWELL_MS);
    await this.#ended;
    clearTimeout(timer);
  }
}
