import { describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { Redis as Redis5 } from 'ioredis-5';
import type { ConnectionOptions } from '../../../lib/policy/redis-address.js';
import { exposureOf, ownOptions } from '../../../lib/redis/client-options.js';

describe('The options of a client of our own', () => {
  it('pass on what leads to Redis', () => {
    const given = { host: 'h', tls: { ca: 'ca' }, username: 'u', db: 3, family: 6, keyPrefix: 'p:', connectTimeout: 9 };
    expect(ownOptions(given, 'name')).toMatchObject({ ...given, connectionName: 'name' });
    expect(ownOptions({ connectionName: 'mine' }, 'name')).toMatchObject({ connectionName: 'mine' });
    expect(ownOptions({ connectionName: null, connectTimeout: undefined }, 'name')).toMatchObject({
      connectionName: 'name',
      connectTimeout: 2_000,
    });
  });

  it.each([
    ['6', Redis],
    ['5', Redis5 as unknown as typeof Redis],
  ])('let nothing wait or be sent twice, whatever else was said, with ioredis %s', (_, Client) => {
    const given = {
      enableOfflineQueue: true,
      autoResendUnfulfilledCommands: true,
      autoResubscribe: true,
      maxRetriesPerRequest: null,
      retryStrategy: () => 5,
      reconnectOnError: () => 2 as const,
      commandTimeout: 5,
      socketTimeout: 5,
      stringNumbers: true,
      monitor: true,
      lazyConnect: false,
    };
    const { options, status } = new Client(ownOptions(given, 'name'));
    expect(status).toBe('wait');
    expect(options).toMatchObject({
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      autoResubscribe: false,
      maxRetriesPerRequest: 0,
      retryStrategy: null,
      reconnectOnError: null,
      enableAutoPipelining: true,
      stringNumbers: false,
      monitor: false,
    });
    expect([options.commandTimeout, options.socketTimeout]).toEqual([undefined, undefined]);
  });
});

describe('A way to Redis', () => {
  it.each<[string, object]>([
    ['192.0.2.1', { host: '192.0.2.1' }],
    ['redis.example', { host: 'redis.example', port: 6380 }],
    ['127.example', { host: '127.example' }],
    ['192.0.2.1', { sentinels: [{ host: '127.0.0.1' }, { host: '192.0.2.1' }] }],
    ['192.0.2.1', { sentinels: [{ host: '192.0.2.1' }], tls: {} }],
  ])('to %s is told to be open to others: %j', (host, options) => {
    expect(exposureOf({ ...options, password: 'canary' })).toBe(
      `values and passwords go to Redis at ${host} in plain text. Use 'rediss://', or options with tls.`,
    );
  });

  it.each<[ConnectionOptions]>([
    [{}],
    [{ host: 'localhost' }],
    [{ host: '127.0.0.1' }],
    [{ host: '::1' }],
    [{ host: '192.0.2.1', tls: {} }],
    [{ path: '/run/redis.sock', host: '192.0.2.1' }],
    [{ sentinels: [{ host: '127.0.0.1' }, {}] }],
    [{ sentinels: [{ host: '192.0.2.1' }], tls: {}, enableTLSForSentinelMode: true }],
    [{ sentinels: null, host: 'localhost' }],
  ])('is fine: %j', (options) => {
    expect(exposureOf(options)).toBeUndefined();
  });
});
