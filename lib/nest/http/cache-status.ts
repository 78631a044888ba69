import type { Standing } from '../../engine/bound-read.js';
import type { ResponseLike } from './route-call.js';

/** Says in a reply that it comes from the cache: `Cache-Status` by RFC 9211, and `Age` by RFC 9111. Never a key. */
export function tellHit(response: ResponseLike, { age, ttl }: Standing): void {
  setHeader(response, 'Cache-Status', `layercache; hit; ttl=${Math.floor(ttl / 1_000)}`);
  setHeader(response, 'Age', String(Math.floor(age / 1_000)));
}

/** Says that it was made for this request. */
export function tellMiss(response: ResponseLike, outcome: 'stored' | 'unstored'): void {
  setHeader(response, 'Cache-Status', outcome === 'stored' ? 'layercache; fwd=miss; stored' : 'layercache; fwd=miss');
}

/** Says that it went past the cache. */
export function tellBypass(response: ResponseLike): void {
  setHeader(response, 'Cache-Status', 'layercache; fwd=bypass');
}

/** The status of a reply that has begun can no longer be told. */
function setHeader(response: ResponseLike, name: string, value: string): void {
  if (response.headersSent === true || response.sent === true) return;
  if (response.setHeader !== undefined) response.setHeader(name, value);
  else response.header?.(name, value);
}
