import type { Disturbance, History } from '../redis/processes/history.js';
import { now } from '../redis/processes/records.js';
import type { WorkerProcess } from '../redis/processes/worker-process.js';
import type { Way } from './way.js';

/** What a draw of a fault comes to, besides how long it lasts: every number is used by some kind, and none by all. */
export interface Draw {
  /** In milliseconds. */
  readonly ms: number;
  /** Which process it befalls, of those that may be killed or those that may not. */
  readonly seat: number;
  /** From 0 up to 1. */
  readonly share: number;
}

/** Where a fault does its work. */
export interface Scene {
  readonly history: History;
  readonly ways: readonly Way[];
  /** All keys that the processes work with. */
  readonly keys: readonly string[];
  /** Which keys a fault concerns. Undefined: all of them. */
  readonly concerns?: Disturbance['concerns'];
  workerAt(seat: number): WorkerProcess;
  /** Another process in its place, after it was killed. */
  replace(seat: number): Promise<void>;
}

/** On whom it falls. Two of a different kind may fall together. */
export type Aim = 'redis' | 'way' | 'process';

export interface FaultKind {
  readonly name: string;
  readonly aim: Aim;
  /** How often it is drawn, among all of the same aim. */
  readonly weight: number;
  /** In milliseconds: what most are between, and up to where a few may go. Without them it is over at once. */
  readonly lengths?: readonly [least: number, usual: number, most: number];
  run(scene: Scene, draw: Draw): Promise<void>;
}

/** Pauses of the campaign, which is no test. */
export function pause(ms: number): Promise<void> {
  return new Promise((go) => setTimeout(go, ms));
}

/** Does something, and writes down when it began and when it was over. */
export async function during(
  { history, concerns }: Scene,
  { of, process }: { readonly of: Disturbance['of']; readonly process?: string },
  task: () => Promise<unknown>,
): Promise<void> {
  const over = history.disturb(of, now(), process, concerns);
  try {
    await task();
  } finally {
    over(now());
  }
}
