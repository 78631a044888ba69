/** What a value may measure, on the way out and on the way in: what Redis holds is not trusted to be what was written. */
export interface WireLimits {
  /** Arrays, objects, maps and sets inside one another. */
  readonly depth: number;
  /** Values in all, those inside others included. */
  readonly nodes: number;
  /** Bytes of the encoded value. */
  readonly bytes: number;
}

/** Depth 200, 100,000 values, 16 MiB. */
export const DEFAULT_LIMITS: WireLimits = Object.freeze({ depth: 200, nodes: 100_000, bytes: 16 * 1024 * 1024 });
