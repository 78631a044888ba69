import { LayerCacheConfigError } from '../core/errors.js';

/** Options of a client, as ioredis takes them. */
export type ConnectionOptions = Readonly<Record<string, unknown>>;

const OPTION = 'redis.url';
const TAKES = "takes 'redis://host:6379', 'rediss://host:6379' for TLS, or the path of a Unix socket";
const ESCAPE = "in a user's name or password, write '@ / ? # : %' in percent form";
const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;
const DATABASE = /^\d{1,9}$/;

/** The options that an address and options make together, the address going before. No error shows more than its scheme. */
export function connectionOf(url: unknown, options: ConnectionOptions): ConnectionOptions {
  const merged: ConnectionOptions = url === undefined ? options : { ...options, ...addressed(url, options) };
  return { ...merged, db: databaseOf(merged['db'], url === undefined ? 'redis.options.db' : OPTION) };
}

function addressed(url: unknown, options: ConnectionOptions): ConnectionOptions {
  if (typeof url !== 'string') throw refused(`got ${url === null ? 'null' : `a ${typeof url}`}, ${TAKES}`);
  const parsed = parse(url);
  if (parsed === undefined) throw refused(`got ${shown(url)} that cannot be read, ${TAKES}; ${ESCAPE}`);
  const { protocol, hostname, port, pathname, searchParams, hash, username, password } = parsed;
  if (protocol !== 'redis:' && protocol !== 'rediss:' && protocol !== 'unix:')
    throw refused(`got ${shown(url)}, ${TAKES}`);
  // An unescaped '/', '?' or '#' in a password ends the host early; the rest would be taken for a path.
  if ([pathname, parsed.search, hash].some((part) => part.includes('@')) || hash !== '') {
    throw refused(`got ${shown(url)} with an '@' or '#' behind the host; ${ESCAPE}`);
  }
  const common = { ...fromQuery(searchParams), ...credentials(username, password, url) };
  if (protocol === 'unix:') return { ...common, path: decoded(pathname, url) };
  return {
    ...common,
    host: hostname === '' ? 'localhost' : hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? 6379 : Number(port),
    // An address names one place: what else would lead elsewhere.
    path: undefined,
    ...(pathname.length > 1 && { db: pathname.slice(1) }),
    ...(protocol === 'rediss:' && { tls: options['tls'] || {} }),
  };
}

function parse(url: string): URL | undefined {
  const full = url.startsWith('/') && !url.startsWith('//') ? `unix://${url}` : url;
  return SCHEME.test(full) && URL.canParse(full) ? new URL(full) : undefined;
}

/** As ioredis takes it: a text by each name, but for the family of addresses. */
function fromQuery(query: URLSearchParams): ConnectionOptions {
  const given = Object.fromEntries(query);
  return 'family' in given ? { ...given, family: Number(given['family']) } : given;
}

function credentials(username: string, password: string, url: string): ConnectionOptions {
  return {
    ...(username !== '' && { username: decoded(username, url) }),
    ...(password !== '' && { password: decoded(password, url) }),
  };
}

function decoded(text: string, url: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw refused(`got ${shown(url)} with a '%' that begins nothing; ${ESCAPE}`);
  }
}

function databaseOf(given: unknown, option: string): number {
  if (given === undefined || given === null) return 0;
  if ((typeof given === 'number' || typeof given === 'string') && DATABASE.test(String(given))) return Number(given);
  throw new LayerCacheConfigError({
    option,
    problem: `${option}: the number of the database is none, takes a whole number from 0, such as 0 in 'redis://host/0'`,
  });
}

function shown(url: string): string {
  const scheme = SCHEME.exec(url)?.[0];
  return scheme === undefined ? 'a text' : `'${scheme}…'`;
}

function refused(what: string): LayerCacheConfigError {
  return new LayerCacheConfigError({ option: OPTION, problem: `${OPTION}: ${what}` });
}
