import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { Cluster, Redis as Redis5 } from 'ioredis-5';
import type { RedisOptions } from '../../../lib/policy/redis-options.js';
import { type RedisSettings, resolveRedis } from '../../../lib/policy/resolve-redis.js';
import { mistakeOf } from './mistake-of.js';

const CANARY = 'canary-4711';

const resolve = (options: unknown): RedisSettings => resolveRedis(options as RedisOptions) as RedisSettings;
const connection = (options: unknown): object => resolve(options).target.connection();

describe('The options of Redis', () => {
  it('are none where there is no Redis', () => {
    expect(resolveRedis(undefined)).toBeUndefined();
  });

  it.each<[url: string, connection: object]>([
    ['redis://localhost', { host: 'localhost', port: 6379, db: 0 }],
    ['redis://', { host: 'localhost', port: 6379, db: 0 }],
    ['REDIS://cache.example:7000/', { host: 'cache.example', port: 7000, db: 0 }],
    ['redis://10.0.0.1:7000/12', { host: '10.0.0.1', port: 7000, db: 12 }],
    ['redis://10.0.0.1?db=3&family=6', { host: '10.0.0.1', db: 3, family: 6 }],
    ['redis://[::1]:7000', { host: '::1', port: 7000 }],
    ['redis://user:p%40s%2Fs@host', { host: 'host', username: 'user', password: 'p@s/s' }],
    ['redis://:secret@host', { host: 'host', password: 'secret' }],
    ['rediss://host', { host: 'host', tls: {} }],
    ['/run/redis.sock', { path: '/run/redis.sock', db: 0 }],
    ['/run/my redis.sock?db=4', { path: '/run/my redis.sock', db: 4 }],
    ['unix:///run/redis.sock', { path: '/run/redis.sock' }],
  ])('take the address %s', (url, expected) => {
    expect(connection({ url })).toMatchObject(expected);
  });

  it('speak TLS only where the address asks for it', () => {
    expect(connection({ url: 'redis://host' })).not.toHaveProperty('tls');
    expect(connection({ url: '/run/redis.sock' })).not.toHaveProperty('tls');
  });

  it('give no user where the address names none', () => {
    expect(connection({ url: 'redis://:secret@host' })).not.toHaveProperty('username');
    expect(connection({ url: 'redis://host' })).not.toHaveProperty('password');
  });

  it('join an address with what else is said, the address going before', () => {
    const options = { host: 'other', db: 7, tls: { ca: 'ca' }, username: 'user', path: '/run/other.sock' };
    expect(connection({ url: 'rediss://host/2', options })).toEqual({
      host: 'host',
      port: 6379,
      db: 2,
      tls: { ca: 'ca' },
      username: 'user',
      path: undefined,
    });
  });

  it('keep TLS where the address asks for it', () => {
    expect(connection({ url: 'rediss://host', options: { tls: false } })).toMatchObject({ tls: {} });
  });

  it.each<[options: object, database: number]>([
    [{}, 0],
    [{ db: 5 }, 5],
    [{ db: '5' }, 5],
    [{ db: null }, 0],
  ])('take the options %p of ioredis', (options, db) => {
    expect(connection({ options: { ...options, sentinels: [{ host: 'a' }], name: 'main' } })).toEqual({
      sentinels: [{ host: 'a' }],
      name: 'main',
      db,
    });
  });

  it('take the time limit of a command, and a format', () => {
    const serializer = { serialize: JSON.stringify, deserialize: String };
    const url = 'redis://host';
    expect(resolve({ url })).toMatchObject({ commandTimeout: 250, serializer: undefined });
    expect(resolve({ url, commandTimeout: '1s', serializer })).toMatchObject({ commandTimeout: 1_000, serializer });
    expect(resolve({ url, commandTimeout: undefined, client: undefined, serializer: undefined }).commandTimeout).toBe(
      250,
    );
  });

  it.each([
    ['6', new Redis({ lazyConnect: true })],
    ['5', new Redis5({ lazyConnect: true })],
  ])('take a client of ioredis %s', (_, client) => {
    const { target } = resolve({ client });
    expect(target.client()).toBe(client);
  });

  it('may be those of a cluster, by its nodes or by a client made for it', () => {
    const redisOptions = { password: CANARY };
    const nodes = [{ host: 'a', port: 7000 }, 'redis://b:7001', 'c:7002', 7003];
    const natMap = { '10.0.0.1:6379': { host: 'outside', port: 1 } };
    const client = new Cluster(nodes, { lazyConnect: true, redisOptions, natMap, keyPrefix: 'p:' });
    for (const given of [{ cluster: nodes, options: { redisOptions, natMap, keyPrefix: 'p:' } }, { client }]) {
      const cluster = resolve(given).target.cluster();
      expect(cluster?.nodes).toEqual([
        { host: 'a', port: 7000 },
        { host: 'b', port: 7001 },
        { host: 'c', port: 7002 },
        { host: 'localhost', port: 7003 },
      ]);
      expect(cluster?.connection).toMatchObject({ password: CANARY, keyPrefix: 'p:', db: 0 });
      expect(cluster?.reachedAt({ host: '10.0.0.1', port: 6379 })).toEqual({ host: 'outside', port: 1 });
      expect(cluster?.reachedAt({ host: '10.0.0.2', port: 6379 })).toEqual({ host: '10.0.0.2', port: 6379 });
      expect(inspect(resolve(given), { depth: 9, showHidden: true })).not.toContain(CANARY);
    }
  });

  it('of a cluster may come with credentials in the address of its first node', () => {
    const { connection } = resolve({ cluster: [`rediss://me:${CANARY}@a`] }).target.cluster() ?? {};
    expect(connection).toMatchObject({ username: 'me', password: CANARY, tls: {} });
  });

  it('are frozen when decided, and print no password', () => {
    const settings = resolve({ url: `redis://:${CANARY}@host`, options: { sentinelPassword: CANARY } });
    expect(settings.target.connection()).toMatchObject({ password: CANARY });
    expect([settings, settings.target, settings.target.connection()].every(Object.isFrozen)).toBe(true);
    expect(inspect(settings, { depth: 9, showHidden: true, getters: true })).not.toContain(CANARY);
    expect(JSON.stringify(settings)).not.toContain(CANARY);
  });
});

describe('An option of Redis that cannot be used', () => {
  const url = 'redis://host';

  it.each<[option: string, said: string, options: unknown]>([
    ['redis', 'got a text', `redis://:${CANARY}@host`],
    ['redis', 'got null', null],
    ['redis', 'got false', false],
    ['redis', 'got an array', [url]],
    ['redis', 'got none of url, client, options and cluster', {}],
    ['redis', 'leave redis itself undefined', { commandTimeout: '1s' }],
    ['redis.url', 'got undefined', { url: undefined }],
    ['redis.url', 'got null', { url: null }],
    ['redis.url', 'got a number', { url: 6379 }],
    ['redis.url', "got 'http://…'", { url: `http://:${CANARY}@host` }],
    ['redis.url', 'got a text', { url: `${CANARY}:6379` }],
    ['redis.url', 'got a text', { url: CANARY }],
    ['redis.url', 'got a text', { url: '' }],
    ['redis.url', 'got a text', { url: `//${CANARY}` }],
    ['redis.url', "got 'redis://…' that cannot be read", { url: `redis://:${CANARY}/x@host` }],
    ['redis.url', 'percent form', { url: `redis://:${CANARY}#x@host` }],
    ['redis.url', 'percent form', { url: `redis://${CANARY}:12/34@host` }],
    ['redis.url', 'percent form', { url: `redis://${CANARY}:12?34@host` }],
    ['redis.url', 'percent form', { url: `redis://${CANARY}:12#34` }],
    ['redis.url', 'percent form', { url: `redis://:%${CANARY}@host` }],
    ['redis.url', 'number of the database', { url: `redis://host/${CANARY}` }],
    ['redis.url', 'number of the database', { url: 'redis://host/-1' }],
    ['redis.options.db', 'number of the database', { options: { db: 1.5 } }],
    ['redis.options.db', 'number of the database', { options: { db: CANARY } }],
    ['redis.options', 'got an array of 0', { options: [] }],
    ['redis.options', 'got null', { url, options: null }],
    ['redis.client', 'got null', { client: null }],
    ['redis.client', 'got another object', { client: { password: CANARY } }],
    ['redis.client', 'got a function', { client: Redis }],
    ['redis.client', 'stringNumbers', { client: new Redis({ lazyConnect: true, stringNumbers: true }) }],
    ['redis', 'got client and url', { client: new Redis({ lazyConnect: true }), url }],
    ['redis', 'got client and options', { client: new Redis({ lazyConnect: true }), options: {} }],
    ['redis', 'got client and cluster', { client: new Redis({ lazyConnect: true }), cluster: [url] }],
    ['redis', 'got cluster and url', { cluster: [url], url }],
    ['redis.cluster', 'got no nodes', { cluster: [] }],
    ['redis.cluster', 'got no list', { cluster: url }],
    ['redis.cluster', 'got no nodes', { client: new Cluster([], { lazyConnect: true }) }],
    ['redis.cluster', 'a node is null', { cluster: [null] }],
    ['redis.cluster', 'a node cannot be read', { cluster: [`redis://:${CANARY}/x@host`] }],
    ['redis.cluster', 'no host and port', { cluster: [{ host: CANARY, port: 70_000 }] }],
    ['redis.cluster', 'no host and port', { cluster: [{ path: CANARY }] }],
    ['redis.options.password', 'redisOptions', { cluster: [url], options: { password: CANARY } }],
    ['redis.options.redisOptions.db', 'one database', { cluster: [url], options: { redisOptions: { db: 3 } } }],
    ['redis.options.keyPrefix', 'one slot', { cluster: [url], options: { keyPrefix: `{${CANARY}}` } }],
    ['redis.options', 'got null', { cluster: [url], options: null }],
    ['redis.commandTimeout', 'got 0', { url, commandTimeout: 0 }],
    ['redis.commandTimeout', 'takes a duration', { url, commandTimeout: 'soon' }],
    ['redis.serializer', 'serialize() and deserialize()', { url, serializer: JSON }],
    ['redis.serializer', 'serialize() and deserialize()', { url, serializer: null }],
    ['redis.uri', "Did you mean 'redis.url'?", { uri: `redis://:${CANARY}@host` }],
    ['redis.password', 'stands in redis.options', { url, password: CANARY }],
    ['redis.comandTimeout', "Did you mean 'redis.commandTimeout'?", { url, comandTimeout: 5 }],
    ['redis.host', 'stands in redis.options', { host: CANARY, port: 6379 }],
  ])('%s is refused, saying: %s (%#)', (option, said, options) => {
    const mistake = mistakeOf(() => resolve(options));
    expect(mistake.option).toBe(option);
    expect(mistake.message.startsWith(`${option}: `)).toBe(true);
    expect(mistake.message).toContain(said);
    expect(mistake.message).not.toContain('\n');
    expect(inspect(mistake, { depth: 9, showHidden: true })).not.toContain(CANARY);
  });
});
