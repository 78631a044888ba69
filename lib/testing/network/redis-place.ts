import { LayerCacheConfigError, show } from '../../core/errors.js';
import type { Address } from './link.js';

/** Where a Redis is, for a `LossyNetwork`. */
export interface LossyNetworkOptions {
  /** Its name or address. Default `'127.0.0.1'`. */
  host?: string;
  /** Its port, from 1 to 65535. */
  port: number;
}

/** A Redis, and how another place is written from which it is reached. */
export interface RedisPlace {
  readonly target: Address;
  readonly urlAt: (host: string, port: number) => string;
}

const OPTION = 'LossyNetwork';
const EXAMPLE = "'redis://localhost:6379', or { host, port }";
const DEFAULT_HOST = '127.0.0.1';
const DEFAULT_PORT = 6379;
const LAST_PORT = 65_535;

/** Reads where Redis is. No error shows more of an address than its scheme: there may be a password in it. */
export function placeOf(given: string | LossyNetworkOptions): RedisPlace {
  if (typeof given === 'string') return placeOfUrl(given);
  if (typeof given !== 'object' || given === null) {
    throw new LayerCacheConfigError({ option: OPTION, problem: `${OPTION}: got ${show(given)}, takes ${EXAMPLE}` });
  }
  const { host = DEFAULT_HOST, port } = given;
  if (typeof host !== 'string' || host === '') {
    throw new LayerCacheConfigError({ option: `${OPTION}.host`, got: host, takes: "a text, such as 'localhost'" });
  }
  return { target: { host, port: checkedPort(port) }, urlAt: (way, at) => `redis://${way}:${at}` };
}

function checkedPort(port: unknown): number {
  if (typeof port === 'number' && Number.isInteger(port) && port >= 1 && port <= LAST_PORT) return port;
  const takes = `a whole number from 1 to ${LAST_PORT}`;
  throw new LayerCacheConfigError({ option: `${OPTION}.port`, got: port, takes });
}

function placeOfUrl(given: string): RedisPlace {
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(given)?.[0].toLowerCase();
  if (scheme === undefined) throw refused('a text that is no address');
  if (scheme === 'rediss://') throw refused("'rediss://…', whose certificate is of another host than a way begins at");
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (scheme !== 'redis://') throw refused(`'${scheme}…'`);
  // What a password holds must not be taken for the end of the host.
  if (url === undefined || url.hostname === '' || `${url.pathname}${url.search}${url.hash}`.includes('@')) {
    throw refused(`'${scheme}…' in which no host can be found`);
  }
  const { hostname, port } = url;
  return {
    target: {
      host: hostname.replace(/^\[|\]$/g, ''),
      port: port === '' ? DEFAULT_PORT : checkedPort(Number(port)),
    },
    urlAt: (way, at) => {
      const there = new URL(given);
      there.hostname = way;
      there.port = String(at);
      return there.href;
    },
  };
}

function refused(got: string): LayerCacheConfigError {
  return new LayerCacheConfigError({ option: OPTION, problem: `${OPTION}: got ${got}, takes ${EXAMPLE}` });
}
