import { describe, expect, it } from '@jest/globals';
import type { LayerCacheOptions } from '../../../lib/policy/options.js';
import { resolveOptions } from '../../../lib/policy/resolve-options.js';
import { mistakeOf } from './mistake-of.js';

const FORM = "milliseconds as a number, or a text such as '250ms', '30s', '5m', '2h', '1d'";
const redis = { url: 'redis://localhost' };

describe('Whoever gives an option that cannot be used is told what it takes:', () => {
  it.each<readonly [options: object, said: string]>([
    [{ ttl: 0 }, `ttl: got 0, takes a duration above 0: ${FORM}`],
    [{ ttl: 'soon' }, `ttl: got 'soon', takes a duration above 0: ${FORM}`],
    [{ timeout: 'soon' }, `timeout: got 'soon', takes false, or a duration above 0: ${FORM}`],
    [{ ttl: '366d' }, "ttl: got '366d', takes a duration of at most a year, '365d'"],
    [{ staleIfError: -1 }, `staleIfError: got -1, takes a duration: ${FORM}`],
    [{ timeout: 0 }, `timeout: got 0, takes false, or a duration above 0: ${FORM}`],
    [{ isNegativeError: 5 }, 'isNegativeError: got 5, takes a function from an error to true or false'],
    [{ jitter: 2 }, 'jitter: got 2, takes a share from 0 to 1'],
    [{ refreshAhead: 1 }, "refreshAhead: got 1, takes a share between 0 and 1, or 'adaptive'"],
    [{ sliding: 1 }, 'sliding: got 1, takes true or false'],
    [{ singleFlight: 1 }, "singleFlight: got 1, takes 'cluster' or 'process'"],
    [{ tags: 'a' }, "tags: got 'a', takes an array of texts"],
    [{ tags: ['a', ''] }, "tags[1]: got '', takes a text that is not empty"],
    [
      { softTimeout: '1s' },
      "softTimeout: got '1s', takes effect only where an old value may be served: set staleIfError as well",
    ],
    [{ enabled: 1 }, 'enabled: got 1, takes true or false'],
    [{ loads: 0 }, 'loads: got 0, takes a whole number above 0'],
    [{ prefix: 'a b' }, "prefix: got 'a b', takes 1 to 64 of A-Z a-z 0-9 . _ -"],
    [{ keyContext: 5 }, 'keyContext: got 5, takes a function that returns a text, or undefined for "do not cache"'],
    [{ observers: [{}, 5] }, 'observers: got an array of 2, takes an array of objects with methods of CacheObserver'],
    [{ observers: [5] }, 'observers: got an array of 1, takes an array of objects with methods of CacheObserver'],
    [{ staleBound: 0 }, "staleBound: got 0, takes a duration above 0, such as '2s'"],
    [{ memory: 5 }, 'memory: got 5, takes an object such as { max: 10_000 }'],
    [{ memory: false }, 'memory: got false, takes an object: without memory and without redis there is no tier'],
    [{ memory: { max: 0 } }, 'memory.max: got 0, takes a whole number from 1 to 16777216'],
    [{ memory: { isolation: 5 } }, "memory.isolation: got 5, takes 'freeze', 'clone' or 'share'"],
    [
      { memory: { maxBytes: 0 } },
      "memory.maxBytes: got 0, takes a number of bytes above 0, or a text such as '512kb', '64mb', '2gb'",
    ],
    [
      { tiers: [] },
      'tiers: got an array of 0, takes undefined without redis: only Redis knows which of the values that another tier holds were invalidated',
    ],
    [
      { redis, prefix: 'shop', sliding: true },
      'sliding: got true, takes false with redis: in this version only memory can start a ttl anew',
    ],
    [{ redis: 5 }, "redis: got 5, takes an object such as { url: 'redis://localhost:6379' }"],
    [
      { redis: { ...redis, commandTimeout: 0 } },
      "redis.commandTimeout: got 0, takes a duration above 0, such as '250ms'",
    ],
    [
      { redis: { options: 5 } },
      "redis.options: got 5, takes an object with options of ioredis, such as { host: 'localhost' }",
    ],
    [
      { redis: { url: 5 }, prefix: 'shop' },
      "redis.url: got a number, takes 'redis://host:6379', 'rediss://host:6379' for TLS, or the path of a Unix socket",
    ],
    [
      { redis: { nothingLikeIt: 5 }, prefix: 'shop' },
      'redis.nothingLikeIt: there is no such option. Known: url, client, options, cluster, commandTimeout, serializer; what ioredis takes stands in redis.options',
    ],
  ])('%j', (options, said) => {
    expect(mistakeOf(() => resolveOptions(options as LayerCacheOptions)).message).toBe(said);
  });

  it.each(['connect', 'disconnect', 'duplicate', 'on', 'off', 'mgetBuffer', 'evalshaBuffer', 'evalBuffer'])(
    'a client of Redis without %s is none',
    (missing) => {
      const client: Record<string, unknown> = { options: {} };
      const METHODS = ['connect', 'disconnect', 'duplicate', 'on', 'off', 'mgetBuffer', 'evalshaBuffer', 'evalBuffer'];
      for (const name of METHODS) if (name !== missing) client[name] = () => undefined;
      const options = { redis: { client }, prefix: 'shop' } as unknown as LayerCacheOptions;
      expect(mistakeOf(() => resolveOptions(options)).message).toBe(
        'redis.client: got another object, takes a client of ioredis: new Redis(…) or new Cluster(…)',
      );
    },
  );

  it.each(['cluster', 'process'] as const)('one load may be shared by a %s', (singleFlight) => {
    expect(resolveOptions({ singleFlight }).policy.singleFlight).toBe(singleFlight);
  });

  it.each(['freeze', 'clone', 'share'] as const)('an isolation may be %s', (isolation) => {
    expect(resolveOptions({ memory: { isolation } }).isolation).toBe(isolation);
  });
});
