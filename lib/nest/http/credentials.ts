import type { RequestLike } from './route-call.js';

/**
 * Whether a request says who sends it. Its reply may be meant for that one alone, and must neither be stored for others nor
 * come from what was stored for them.
 */
export function carriesCredentials({ headers, user, raw }: RequestLike): boolean {
  // On Fastify a middleware is given the raw request, and leaves the user there.
  const someone = user ?? raw?.user;
  if (someone !== undefined && someone !== null) return true;
  return headers?.['authorization'] !== undefined || headers?.['cookie'] !== undefined;
}
