import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import type { LayerCacheOptions } from '../../../lib/policy/options.js';
import { type LayerCacheSettings, resolveName, resolveOptions } from '../../../lib/policy/resolve-options.js';
import { DEFAULT_POLICY } from '../../../lib/policy/resolve-policy.js';
import { mistakeOf } from './mistake-of.js';

const resolve = (options: unknown): LayerCacheSettings => resolveOptions(options as LayerCacheOptions);

describe('The options of a cache where nothing is said', () => {
  it.each<[unknown]>([
    [undefined],
    [{}],
    [{ ttl: undefined, memory: undefined, loads: undefined, observers: undefined, prefix: undefined }],
    [{ memory: {} }],
    [{ memory: { max: undefined, maxBytes: undefined, isolation: undefined } }],
    [{ redis: undefined }],
    [{ tiers: undefined }],
    [{ redis: undefined, tiers: undefined, staleBound: undefined, detachedTtl: undefined }],
  ])('are the documented ones: %p', (options) => {
    expect(resolve(options)).toEqual({
      policy: DEFAULT_POLICY,
      enabled: true,
      prefix: undefined,
      redis: undefined,
      tiers: [],
      memory: { max: 10_000, maxBytes: undefined },
      isolation: 'freeze',
      staleBound: 2_000,
      detachedTtl: 60_000,
      loads: 64,
      keyContext: undefined,
      observers: [],
    });
  });
});

const redis = { url: 'redis://localhost' };
const tier = {
  name: 'files',
  get: () => Promise.resolve(undefined),
  set: () => Promise.resolve(),
  delete: () => Promise.resolve(),
};

describe('The options of a cache', () => {
  const keyContext = (): string => 'tenant';
  const observer = { hit: (): void => undefined };

  it.each<[object, object]>([
    [{ enabled: false }, { enabled: false }],
    [{ memory: { max: 2 ** 24 } }, { memory: { max: 16_777_216, maxBytes: undefined } }],
    [{ memory: { max: 5 } }, { memory: { max: 5, maxBytes: undefined } }],
    [{ memory: { maxBytes: '64mb' } }, { memory: { max: undefined, maxBytes: 67_108_864 } }],
    [{ memory: { max: 5, maxBytes: 4_096 } }, { memory: { max: 5, maxBytes: 4_096 } }],
    [{ memory: { isolation: 'clone' } }, { isolation: 'clone' }],
    [{ memory: { isolation: 'share' } }, { isolation: 'share' }],
    [{ loads: 1 }, { loads: 1 }],
    [{ keyContext }, { keyContext }],
    [{ tiers: [], redis, prefix: 'shop' }, { tiers: [] }],
    [
      { tiers: [tier, { ...tier, name: 'other' }], redis, prefix: 'shop' },
      { tiers: [tier, { ...tier, name: 'other' }] },
    ],
    [{ observers: [observer, {}] }, { observers: [observer, {}] }],
    [
      { prefix: 'shop', staleBound: '5s', detachedTtl: 0 },
      { prefix: 'shop', staleBound: 5_000, detachedTtl: 0 },
    ],
    [{ prefix: 'a'.repeat(64) }, { prefix: 'a'.repeat(64) }],
    [{ prefix: 'A-z_0.9' }, { prefix: 'A-z_0.9' }],
    [
      { prefix: 'shop', redis, memory: false },
      { memory: false, isolation: 'freeze' },
    ],
    [
      { prefix: 'shop', redis, memory: { max: 5, isolation: 'share' } },
      { memory: { max: 5 }, isolation: 'share' },
    ],
    [{ prefix: 'shop', redis, sliding: false, ttl: '5m' }, { redis: { commandTimeout: 250 } }],
  ])('%p become %p', (options, settings) => {
    expect(resolve(options)).toMatchObject(settings);
  });

  it('hold the policy of all calls', () => {
    expect(resolve({ ttl: '5m', tags: ['shop'] }).policy).toEqual({ ...DEFAULT_POLICY, ttl: 300_000, tags: ['shop'] });
  });

  it('are frozen when decided', () => {
    const settings = resolve({ memory: { max: 5 }, observers: [observer] });
    for (const part of [settings, settings.policy, settings.policy.tags, settings.memory, settings.observers]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });

  it('are left as they were given, and may change later without effect', () => {
    const observers = [observer];
    const settings = resolve({ observers });
    observers.push(observer);
    expect(settings.observers).toEqual([observer]);
    expect(Object.isFrozen(observer)).toBe(false);
  });
});

describe('An option of a cache that cannot be used', () => {
  const noCount = [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, '5', 5n, null, true, {}, []];
  const noName = ['', 'a b', 'a/b', 'a:b', '{a}', 'é', 'a\n', 'a'.repeat(65), '*', 5, null, true, {}, ['a']];
  const noDuration = ['366d', 2 ** 53, -1, Number.NaN, Number.POSITIVE_INFINITY, 'soon', '5', null, true, {}, []];

  const bad: readonly [option: string, wrap: (given: unknown) => object, values: readonly unknown[]][] = [
    ['enabled', (enabled) => ({ enabled }), [0, 1, 'false', null, {}]],
    ['prefix', (prefix) => ({ prefix }), noName],
    ['memory', (memory) => ({ memory }), [false, true, null, 100, '64mb', [], () => undefined]],
    ['memory.max', (max) => ({ memory: { max } }), noCount],
    [
      'memory.maxBytes',
      (maxBytes) => ({ memory: { maxBytes } }),
      [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '64', '64MB', 'lots', '0kb', null, true, {}],
    ],
    ['memory.isolation', (isolation) => ({ memory: { isolation } }), ['Freeze', 'none', true, false, null, ['share']]],
    ['staleBound', (staleBound) => ({ staleBound }), [...noDuration, 0, '0s', false]],
    ['detachedTtl', (detachedTtl) => ({ detachedTtl }), [...noDuration, false]],
    ['loads', (loads) => ({ loads }), noCount],
    ['keyContext', (keyContext) => ({ keyContext }), ['tenant', null, {}, true]],
    ['observers', (observers) => ({ observers }), [null, {}, 'log', [null], [undefined], ['log'], [() => undefined]]],
    ['tiers', (tiers) => ({ tiers }), [[], null, {}]],
    ['tiers', (tiers) => ({ tiers, redis, prefix: 'shop' }), [null, {}, 'files', tier]],
    [
      'tiers[0]',
      (given) => ({ tiers: [given], redis, prefix: 'shop' }),
      [null, undefined, 'files', (): object => tier],
    ],
    ['tiers[0].get', (get) => ({ tiers: [{ ...tier, get }], redis, prefix: 'shop' }), [undefined, null, 'get']],
    ['tiers[0].set', (set) => ({ tiers: [{ ...tier, set }], redis, prefix: 'shop' }), [undefined, {}]],
    [
      'tiers[0].delete',
      (remove) => ({ tiers: [{ ...tier, delete: remove }], redis, prefix: 'shop' }),
      [undefined, true],
    ],
    [
      'tiers[1].name',
      (name) => ({ tiers: [tier, { ...tier, name }], redis, prefix: 'shop' }),
      ['memory', 'redis', 'files', '', 'a b', 'a:b', 'x'.repeat(65), 5, undefined],
    ],
    ['prefix', (prefix) => ({ prefix, redis }), [undefined, '']],
    ['sliding', (sliding) => ({ sliding, redis, prefix: 'shop' }), [true, 'yes']],
    ['ttl', (ttl) => ({ ttl }), [0, -1, 'soon', '366d', null]],
    ['jitter', (jitter) => ({ jitter }), [5, -1, '5%']],
    ['softTimeout', (softTimeout) => ({ softTimeout }), ['1s', 0]],
    ['options', (given) => given as object, [null, 5, 'x', true, [], [{ ttl: '5m' }], (): object => ({})]],
  ];

  it.each(bad.flatMap(([option, wrap, values]) => values.map((given) => [option, given, wrap] as const)))(
    '%s: %p is refused by its name',
    (option, given, wrap) => {
      const mistake = mistakeOf(() => resolve(wrap(given)));
      expect(mistake.option).toBe(option);
      expect(mistake.message.startsWith(`${option}: got `)).toBe(true);
      expect(mistake.message).toContain(', takes ');
      expect(mistake.message).not.toContain('\n');
    },
  );

  it.each([2 ** 24 + 1, 2 ** 32, Number.MAX_SAFE_INTEGER])(
    'memory.max: %d, more than any table could have, is refused',
    (max) => {
      expect(mistakeOf(() => resolve({ memory: { max } })).option).toBe('memory.max');
    },
  );

  it.each<[object, string, string]>([
    [{ tll: 5 }, 'tll', "'ttl'"],
    [{ Memory: {} }, 'Memory', "'memory'"],
    [{ isolation: 'clone' }, 'isolation', 'no such option'],
    [{ memory: { maxbytes: 5 } }, 'memory.maxbytes', "'memory.maxBytes'"],
    [{ memory: { ttl: 5 } }, 'memory.ttl', 'no such option'],
    [{ keycontext: () => 'x' }, 'keycontext', "'keyContext'"],
    [{ observer: {} }, 'observer', "'observers'"],
    [{ signal: undefined }, 'signal', 'no such option'],
    [{ Redis: redis }, 'Redis', "'redis'"],
  ])('%p is refused as %s, with %s', (options, option, said) => {
    const mistake = mistakeOf(() => resolve(options));
    expect(mistake.option).toBe(option);
    expect(mistake.message).toContain(said);
  });

  it.each([
    ['@acme/shop-api', "'acme-shop-api'"],
    ['shop', "'shop'"],
    ['--my  shop--', "'my-shop'"],
    ['@é/é', "'shop'"],
    ['x'.repeat(214), `'${'x'.repeat(64)}'`],
    [undefined, "'shop'"],
  ])('proposes the name of the package %p as prefix', (name, proposed) => {
    const before = process.env['npm_package_name'];
    if (name === undefined) delete process.env['npm_package_name'];
    else process.env['npm_package_name'] = name;
    try {
      expect(mistakeOf(() => resolve({ redis })).message).toContain(`: ${proposed} for instance`);
    } finally {
      if (before === undefined) delete process.env['npm_package_name'];
      else process.env['npm_package_name'] = before;
    }
  });

  it.each<[object]>([
    [{ redis: { url: 'redis://user:canary-4711@host' } }],
    [{ url: 'redis://user:canary-4711@host' }],
    [{ redisUrl: 'rediss://:canary-4711@host' }],
    [{ memory: 'redis://user:p@canary-4711@host' }],
  ])('never shows what an address holds: %#', (options) => {
    const mistake = mistakeOf(() => resolve(options));
    expect(`${mistake.message} ${inspect(mistake, { depth: 9, showHidden: true })}`).not.toContain('canary');
  });

  it('is found also in what is otherwise right', () => {
    expect(mistakeOf(() => resolve({ ttl: '5m', prefix: 'shop', loads: 5, jitter: 2 })).option).toBe('jitter');
  });
});

describe('The name of a cache', () => {
  it.each(['default', 'a', 'A.b_c-9', 'x'.repeat(64)])('may be %p', (name) => {
    expect(resolveName(name)).toBe(name);
  });

  it.each([[''], ['a b'], ['a:b'], ['é'], ['x'.repeat(65)], ['a\n'], [undefined], [null], [5], [{}]])(
    'may not be %p',
    (name) => {
      expect(mistakeOf(() => resolveName(name)).option).toBe('name');
    },
  );
});
