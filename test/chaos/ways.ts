import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { workerProgram } from '../redis/processes/program.js';
import type { History } from '../redis/processes/history.js';
import type { Way } from './way.js';
import type { Lateness, WayOrder, WayReply } from './way-messages.js';

const HOST = fileURLToPath(new URL('way-host.ts', import.meta.url));

/** A way, and the ports that stand for those of the servers. */
export interface OpenWay extends Way {
  readonly ports: readonly number[];
}

interface Waiting {
  readonly done: (value: unknown) => void;
  readonly failed: (error: Error) => void;
}

/** All ways of a campaign, in a process of their own: the campaign has other things to do. */
export class Ways {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  readonly #gone: Promise<unknown>;
  #asked = 0;
  #history: History | undefined;

  constructor() {
    this.#child = fork(workerProgram(HOST), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.#child.on('message', (reply: WayReply) => {
      if ('stoodStill' in reply) {
        const [from, to] = reply.stoodStill;
        this.#history?.disturb('path', from)(to);
        return;
      }
      const waiting = this.#waiting.get(reply.n);
      this.#waiting.delete(reply.n);
      if ('failed' in reply) waiting?.failed(new Error(reply.failed));
      else waiting?.done(reply.done);
    });
    this.#gone = once(this.#child, 'exit').then(() => {
      for (const { failed } of this.#waiting.values()) failed(new Error('the process of the ways is gone'));
    });
  }

  async open(targets: readonly number[]): Promise<OpenWay> {
    const { way, ports } = await this.#ask<{ way: number; ports: readonly number[] }>({ act: 'open', targets });
    return { ports, become: (weather) => this.#ask({ act: 'become', way, weather }) };
  }

  /** One for each seat, all to the same ports. */
  openAll(seats: number, targets: readonly number[]): Promise<readonly OpenWay[]> {
    return Promise.all(Array.from({ length: seats }, () => this.open(targets)));
  }

  /** From now on it is written down when nothing passed because the machine had no time for it. */
  watch(history: History): void {
    this.#history = history;
  }

  lateness(): Promise<Lateness> {
    return this.#ask({ act: 'lateness' });
  }

  async stop(): Promise<void> {
    if (this.#child.connected) this.#child.disconnect();
    await this.#gone;
  }

  #ask<T>(order: WayOrder): Promise<T> {
    const n = ++this.#asked;
    return new Promise((done, failed) => {
      if (!this.#child.connected) return failed(new Error('the process of the ways is gone'));
      this.#waiting.set(n, { done: done as (value: unknown) => void, failed });
      this.#child.send({ n, order });
    });
  }
}

/** What a driver is told of where servers are: each at the end of the way. */
export function natMapOf(way: OpenWay, targets: readonly number[]): Record<string, { host: string; port: number }> {
  return Object.fromEntries(
    targets.map((target, index) => [`127.0.0.1:${target}`, { host: '127.0.0.1', port: way.ports[index] ?? target }]),
  );
}
