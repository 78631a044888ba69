import type { Weather } from './way.js';

/** What is asked of the process in which the ways lie. */
export type WayOrder =
  /** A way to these ports, by others that are answered with, in the same order. */
  | { readonly act: 'open'; readonly targets: readonly number[] }
  | { readonly act: 'become'; readonly way: number; readonly weather: Weather }
  | { readonly act: 'lateness' };

/** How late an event loop was, in milliseconds. */
export interface Lateness {
  readonly half: number;
  readonly most: number;
  readonly nearlyAll: number;
  readonly max: number;
}

export interface WayQuestion {
  readonly n: number;
  readonly order: WayOrder;
}

export type WayReply =
  | { readonly n: number; readonly done: unknown }
  | { readonly n: number; readonly failed: string }
  /** Not asked for: nothing passed between these two instants. */
  | { readonly stoodStill: readonly [from: number, to: number] };
