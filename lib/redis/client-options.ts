import type { ConnectionOptions } from '../policy/redis-address.js';
import type { DriverClient } from './driver.js';

const CONNECT_TIMEOUT = 2_000;
/** After a connection is there: TLS, the greeting, and a server that still loads its data. */
const GREETING_TIMEOUT = 3_000;
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/i;

/**
 * How our own clients behave, whatever else is said of them. With the driver's own retries a command whose reply was lost is
 * sent again, or, when that is off, never settled, with all that wait behind it: so it never retries. It ends, which rejects
 * what is open, and is connected anew by us.
 */
export function ownOptions(given: ConnectionOptions, name: string): ConnectionOptions {
  return {
    connectTimeout: CONNECT_TIMEOUT,
    keepAlive: 10_000,
    connectionName: name,
    ...said(given),
    lazyConnect: true,
    enableReadyCheck: true,
    // The driver's own timer for this outlives the client.
    maxLoadingRetryTime: 500,
    disconnectTimeout: 100,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    maxRetriesPerRequest: 0,
    retryStrategy: null,
    reconnectOnError: null,
    sentinelRetryStrategy: null,
    commandTimeout: undefined,
    socketTimeout: undefined,
    enableAutoPipelining: true,
    autoPipeliningIgnoredCommands: [],
    monitor: false,
    readOnly: false,
    role: 'master',
    // Replies have to be what Redis says.
    stringNumbers: false,
    replyMapping: 'legacy',
    himportFieldsets: undefined,
  };
}

/** How long making a connection may take from the first packet to the last reply. */
export function patienceOf({ options }: DriverClient): number {
  const { connectTimeout } = options;
  return (typeof connectTimeout === 'number' ? connectTimeout : CONNECT_TIMEOUT) + GREETING_TIMEOUT;
}

/** The number of the database that a client of the user's works in. */
export function databaseOf({ options, condition }: DriverClient): number {
  return Number(condition?.select ?? options['db'] ?? 0);
}

/** What to say of a client of the user's that may hang, or send a command twice. */
export function hazardOf({ options }: DriverClient): string | undefined {
  const better = [
    options['enableOfflineQueue'] === false ? [] : 'enableOfflineQueue: false',
    options['autoResendUnfulfilledCommands'] === false ? [] : 'autoResendUnfulfilledCommands: false',
    options['maxRetriesPerRequest'] === 0 ? [] : 'maxRetriesPerRequest: 0',
    typeof options['retryStrategy'] === 'function' ? [] : 'a retryStrategy',
    options['commandTimeout'] === undefined ? [] : 'no commandTimeout',
  ].flat();
  if (better.length === 0) return undefined;
  return `redis.client may let a command wait for ever, run twice or not be connected anew. Make it with ${better.join(', ')}; or give redis a url instead.`;
}

/** What to say of a way to Redis on which others can read. */
export function exposureOf(options: ConnectionOptions): string | undefined {
  const host = plaintextHostOf(options);
  if (host === undefined || LOOPBACK.test(host)) return undefined;
  return `values and passwords go to Redis at ${host} in plain text. Use 'rediss://', or options with tls.`;
}

function plaintextHostOf(options: ConnectionOptions): string | undefined {
  const { sentinels, tls, path } = options;
  if (Array.isArray(sentinels) && sentinels.length > 0) {
    if (tls && options['enableTLSForSentinelMode'] === true) return undefined;
    return (sentinels as readonly object[]).map(hostOf).find((host) => !LOOPBACK.test(host));
  }
  return tls || path ? undefined : hostOf(options);
}

function hostOf({ host }: { readonly host?: unknown }): string {
  return typeof host === 'string' ? host : 'localhost';
}

/** The driver's own word for "nothing" is null. */
function said(given: ConnectionOptions): ConnectionOptions {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined && value !== null));
}
