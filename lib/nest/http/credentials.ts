import type { RequestLike } from './route-call.js';

/**
 * Whether a request says who sends it. Its reply may be meant for that one alone, and must neither be stored for others nor
 * come from what was stored for them.
 */
export function carriesCredentials({ headers, user }: RequestLike): boolean {
  if (user !== undefined && user !== null) return true;
  return headers?.['authorization'] !== undefined || headers?.['cookie'] !== undefined;
}
