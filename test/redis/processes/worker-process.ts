import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { LayerCacheOptions } from '../../../lib/index.js';
import type { History } from './history.js';
import { workerProgram } from './program.js';
import { type FromWorker, now, type Order, type ToWorker } from './records.js';
import type { Source } from './source.js';

export interface WorkerParts {
  readonly name: string;
  readonly options: LayerCacheOptions;
  readonly history: History;
  readonly source: Source;
  /** What runs in it. Default: the worker. */
  readonly program?: string;
}

interface Waiting {
  readonly done: (value: unknown) => void;
  readonly failed: (error: Error) => void;
}

/** So long a process that was closed may take to end. */
const FAREWELL = 10_000;

/** A process with a cache of its own, which does as it is told. */
export class WorkerProcess {
  readonly name: string;
  readonly gone: Promise<unknown>;
  readonly #child: ChildProcess;
  readonly #history: History;
  readonly #waiting = new Map<number, Waiting>();
  #orders = 0;
  #complaints = '';

  constructor({ name, options, history, source, program = workerProgram() }: WorkerParts) {
    this.name = name;
    this.#history = history;
    this.#child = fork(program, [JSON.stringify({ name, options })], {
      // As where it matters: in a test, loads are followed through every promise.
      env: { ...process.env, NODE_ENV: 'production' },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#complaints += chunk.toString();
    });
    // What is sent to one that has just died.
    this.#child.on('error', () => undefined);
    this.#child.on('message', (message: FromWorker) => {
      if ('notes' in message) for (const note of message.notes) history.take(note);
      else if ('ask' in message) this.#send({ asked: message.ask, answer: source.answer(name, message.question) });
      else this.#settle(message);
    });
    this.gone = once(this.#child, 'close').then(() => {
      for (const { failed } of this.#waiting.values()) failed(new Error(`${name} is gone: ${this.#complaints}`));
    });
  }

  get isAlive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  do<T = unknown>(order: Order): Promise<T> {
    const n = ++this.#orders;
    return new Promise((done, failed) => {
      if (!this.#child.connected) return failed(new Error(`${this.name} is gone: ${this.#complaints}`));
      this.#waiting.set(n, { done: done as (value: unknown) => void, failed });
      this.#send({ n, order });
    });
  }

  /** Whether it came to its end by itself, with nothing to complain of. */
  async close(): Promise<void> {
    await this.do({ act: 'close' });
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), FAREWELL);
    await this.gone;
    clearTimeout(timer);
    const { exitCode, signalCode } = this.#child;
    if (exitCode === 0 && this.#complaints === '') return;
    const text = `ended with ${signalCode ?? exitCode}: ${this.#complaints}`;
    this.#history.take({ kind: 'unhandled', by: this.name, at: now(), text });
  }

  /** Stops it as it is, and lets it go on. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child.kill(signal);
  }

  async kill(): Promise<void> {
    if (!this.isAlive) return;
    this.#history.killed.set(this.name, now());
    this.#child.kill('SIGKILL');
    await this.gone;
  }

  #send(message: ToWorker): void {
    if (this.#child.connected) this.#child.send(message);
  }

  #settle(message: Extract<FromWorker, { n: number }>): void {
    const waiting = this.#waiting.get(message.n);
    this.#waiting.delete(message.n);
    if ('failed' in message) waiting?.failed(new Error(`${this.name}: ${message.failed}`));
    else waiting?.done(message.done);
  }
}
