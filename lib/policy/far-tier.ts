/**
 * Keeps bytes somewhere far away, for a cache whose `tiers` name it: asked after Redis, by the one process that loads a key, and
 * given what Redis was given. It need not know what is valid: what it holds is an answer only while Redis says so, so that it may
 * lose, keep too long or mix up whatever it likes. Everything may reject; what takes longer than half a second counts as failed.
 * Whoever makes it opens and closes it.
 */
export interface FarTier {
  /** As `stats`, `lookup` and observers name it: 1 to 64 of `A-Z a-z 0-9 . _ -`, and neither `memory` nor `redis`. */
  readonly name: string;
  /**
   * The bytes that were last set under `key`, or undefined. A key begins with prefix and cache, so that caches can share a tier; it
   * is made of printable ASCII without spaces, 332 characters at most. It may contain `/` and `..`: do not use it as the name of a file.
   */
  get(key: string): Promise<Uint8Array | undefined>;
  /** Keeps bytes in place of those before, for `ttlMs` at most; later nobody needs them. They must not be changed. */
  set(key: string, bytes: Uint8Array, ttlMs: number): Promise<void>;
  /** Nobody needs what lies under `key`, if anything does. */
  delete(key: string): Promise<void>;
}
