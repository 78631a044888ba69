import { randomInt } from 'node:crypto';

/**
 * A port that is probably free. It lies below those that the system gives to clients: one of those could be taken while nobody
 * listens at it, and a client that knocks at it again and again can even end up connected to itself.
 */
export function likelyFreePort(below = 32_000): number {
  return randomInt(10_000, below);
}
