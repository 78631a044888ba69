import { describe, expect, it } from '@jest/globals';
import type { CachePolicyOptions } from '../../../lib/policy/options.js';
import {
  DEFAULT_POLICY,
  POLICY_OPTION_NAMES,
  refuseNoOptions,
  refuseUnknownOptions,
  resolvePolicy,
  suspicionOf,
} from '../../../lib/policy/resolve-policy.js';
import { mistakeOf } from './mistake-of.js';

const resolve = (options: object): ReturnType<typeof resolvePolicy> =>
  resolvePolicy(DEFAULT_POLICY, options as CachePolicyOptions);

describe('The policy where nothing is said', () => {
  it('is the documented one', () => {
    expect(DEFAULT_POLICY).toEqual({
      ttl: 60_000,
      memoryTtl: undefined,
      staleWhileRevalidate: 0,
      staleIfError: 0,
      negativeTtl: 5_000,
      isNegativeError: expect.any(Function),
      jitter: 0.05,
      refreshAhead: undefined,
      sliding: false,
      timeout: 30_000,
      softTimeout: undefined,
      retryAfter: 2_000,
      singleFlight: 'cluster',
      patience: 5_000,
      tags: [],
    });
    expect(DEFAULT_POLICY.isNegativeError(new Error('x'))).toBe(false);
  });

  it('is that of the base, as the same object when no options are given', () => {
    expect(resolvePolicy(DEFAULT_POLICY, undefined)).toBe(DEFAULT_POLICY);
    expect(resolve({})).toEqual(DEFAULT_POLICY);
  });

  it('is not changed by an option that is undefined', () => {
    const undefineds = Object.fromEntries(POLICY_OPTION_NAMES.map((name) => [name, undefined]));
    expect(resolve(undefineds)).toEqual(DEFAULT_POLICY);
  });

  it('knows every option by name', () => {
    expect([...POLICY_OPTION_NAMES].sort()).toEqual(Object.keys(DEFAULT_POLICY).sort());
  });
});

describe('A policy', () => {
  const isNegativeError = (): boolean => true;

  it.each<[object, object]>([
    [{ ttl: '5m' }, { ttl: 300_000 }],
    [{ ttl: '365d' }, { ttl: 31_536_000_000 }],
    [{ ttl: 0.5 }, { ttl: 0.5 }],
    [{ memoryTtl: '10s' }, { memoryTtl: 10_000 }],
    [{ staleWhileRevalidate: 0 }, { staleWhileRevalidate: 0 }],
    [{ staleWhileRevalidate: '30s' }, { staleWhileRevalidate: 30_000 }],
    [{ staleIfError: '2d' }, { staleIfError: 172_800_000 }],
    [{ negativeTtl: false }, { negativeTtl: 0 }],
    [{ negativeTtl: '1s' }, { negativeTtl: 1_000 }],
    [{ isNegativeError }, { isNegativeError }],
    [{ jitter: 0 }, { jitter: 0 }],
    [{ jitter: 1 }, { jitter: 1 }],
    [{ refreshAhead: 0.5 }, { refreshAhead: 0.5 }],
    [{ refreshAhead: 'adaptive' }, { refreshAhead: 'adaptive' }],
    [{ sliding: true }, { sliding: true }],
    [{ timeout: false }, { timeout: undefined }],
    [{ timeout: '1s' }, { timeout: 1_000 }],
    [
      { softTimeout: '1s', staleIfError: '1m' },
      { softTimeout: 1_000, staleIfError: 60_000 },
    ],
    [{ retryAfter: 0 }, { retryAfter: 0 }],
    [{ singleFlight: 'process' }, { singleFlight: 'process' }],
    [{ patience: '3s' }, { patience: 3_000 }],
    [{ tags: ['a', 'b', 'a'] }, { tags: ['a', 'b'] }],
    [{ tags: [] }, { tags: [] }],
  ])('of %p holds %p and the defaults', (options, held) => {
    expect(resolve(options)).toEqual({ ...DEFAULT_POLICY, ...held });
  });

  it('is frozen, its tags too', () => {
    const policy = resolve({ ttl: '1s', tags: ['a'] });
    expect(Object.isFrozen(policy)).toBe(true);
    expect(Object.isFrozen(policy.tags)).toBe(true);
    expect(Object.isFrozen(DEFAULT_POLICY)).toBe(true);
    expect(Object.isFrozen(DEFAULT_POLICY.tags)).toBe(true);
  });

  it('does not change when the options do, and leaves them as they are', () => {
    const tags = ['a'];
    const options = Object.freeze({ ttl: '1s', tags });
    const policy = resolve(options);
    tags.push('b');
    expect(policy.tags).toEqual(['a']);
    expect(Object.isFrozen(tags)).toBe(false);
  });

  it('adds tags to those of its base and replaces all else', () => {
    const base = resolve({ ttl: '1h', jitter: 0.5, tags: ['shop', 'a'] });
    const policy = resolvePolicy(base, { ttl: '1m', tags: ['a', 'b'] });
    expect(policy).toEqual({ ...base, ttl: 60_000, tags: ['shop', 'a', 'b'] });
    expect(base.tags).toEqual(['shop', 'a']);
  });

  it('takes thousands of tags', () => {
    const tags = Array.from({ length: 10_000 }, (_, index) => `t${index}`);
    expect(resolve({ tags }).tags).toEqual(tags);
  });

  it('takes a soft timeout where the base has a grace to serve from', () => {
    const base = resolve({ staleIfError: '1h' });
    expect(resolvePolicy(base, { softTimeout: '1s' }).softTimeout).toBe(1_000);
  });

  it('refuses a grace taken away from under a soft timeout, with the limit it knows of', () => {
    const base = resolve({ staleIfError: '1h', softTimeout: '1s' });
    const mistake = mistakeOf(() => resolvePolicy(base, { staleIfError: 0 }));
    expect(mistake.option).toBe('softTimeout');
    expect(mistake.message).toContain('1000');
    expect(mistake.message).toContain('staleIfError');
  });
});

describe('A policy option that cannot be used', () => {
  const noDuration = [-1, Number.NaN, Number.POSITIVE_INFINITY, 'soon', '', '-5s', '5', null, true, {}, [], 5n];
  const noPositiveDuration = [...noDuration, 0, -0, '0s', '0.0d'];
  const bad: Readonly<Record<keyof CachePolicyOptions, readonly unknown[]>> = {
    ttl: [...noPositiveDuration, false, '366d', 2 ** 53, Number.MAX_VALUE, 365 * 86_400_000 + 1],
    memoryTtl: [...noPositiveDuration, false],
    staleWhileRevalidate: [...noDuration, false],
    staleIfError: [...noDuration, false],
    negativeTtl: noPositiveDuration,
    isNegativeError: [null, true, 'NotFound', {}, /x/],
    jitter: [-0.01, 1.01, 5, Number.NaN, '0.5', null, true, 0.5 + 1e9, '5%'],
    refreshAhead: [0, 1, -0.5, 1.5, Number.NaN, 'Adaptive', 'auto', true, null, ['adaptive']],
    sliding: [0, 1, 'true', null, {}],
    timeout: noPositiveDuration,
    softTimeout: [...noPositiveDuration, false],
    retryAfter: [...noDuration, false],
    singleFlight: ['CLUSTER', 'none', true, false, null, ['process']],
    patience: [...noPositiveDuration, false],
    tags: ['a', null, {}, new Set(['a']), true],
  };
  const durations = [
    'ttl',
    'memoryTtl',
    'staleWhileRevalidate',
    'staleIfError',
    'negativeTtl',
    'timeout',
    'softTimeout',
    'retryAfter',
    'patience',
  ] as const satisfies readonly (keyof CachePolicyOptions)[];

  it.each(durations)('is a %s of more than a year, which is the longest that is taken', (option) => {
    for (const year of ['365d', '8760h', 365 * 86_400_000]) {
      expect(resolve({ staleIfError: '1h', [option]: year })[option]).toBe(31_536_000_000);
    }
    for (const given of ['366d', '365.001d', 365 * 86_400_000 + 1, 2 ** 53, Number.MAX_VALUE]) {
      const mistake = mistakeOf(() => resolve({ staleIfError: '1h', [option]: given }));
      expect(mistake.option).toBe(option);
      expect(mistake.message).toContain("'365d'");
    }
  });

  const cases = POLICY_OPTION_NAMES.flatMap((option) => bad[option].map((given) => [option, given] as const));

  it.each(cases)('%s: %p is refused by its name', (option, given) => {
    const mistake = mistakeOf(() => resolve({ [option]: given }));
    expect(mistake.option).toBe(option);
    expect(mistake.message).toMatch(new RegExp(`^${option}: got .+, takes .+`, 's'));
  });

  it.each<[unknown[], string]>([
    [[''], 'tags[0]'],
    [['a', 5], 'tags[1]'],
    [['a', undefined], 'tags[1]'],
    [[['a']], 'tags[0]'],
    [['a', 'b', null], 'tags[2]'],
    [[Symbol('a')], 'tags[0]'],
    // oxlint-disable-next-line no-sparse-arrays
    [[, 'a'], 'tags[0]'],
    // oxlint-disable-next-line no-sparse-arrays
    [['a', , 'b'], 'tags[1]'],
    [Object.assign([], { length: 1 }), 'tags[0]'],
  ])('tags: %p is refused at the tag %s', (tags, option) => {
    expect(mistakeOf(() => resolve({ tags })).option).toBe(option);
  });

  it('is a soft timeout without a grace to serve from', () => {
    const mistake = mistakeOf(() => resolve({ softTimeout: '1s' }));
    expect(mistake.option).toBe('softTimeout');
    expect(mistake.message).toContain("'1s'");
    expect(mistake.message).toContain('staleIfError');
  });

  it('is refused in one line, however it looks', () => {
    const mistake = mistakeOf(() => resolve({ ttl: `5s\n${'x'.repeat(1_000_000)}` }));
    expect(mistake.message).not.toContain('\n');
    expect(mistake.message.length).toBeLessThan(400);
  });
});

describe('What is no object of options at all', () => {
  it.each<[unknown]>([[undefined], [null], [5], ['5m'], [true], [[]], [[{ ttl: 5 }]], [(): object => ({})], [5n]])(
    'is refused by its name: %p',
    (given) => {
      const mistake = mistakeOf(() => refuseNoOptions(given, 'options'));
      expect(mistake.option).toBe('options');
      expect(mistake.message).toContain('takes an object');
    },
  );

  it.each<[object]>([[{}], [{ ttl: 5 }], [Object.create(null) as object], [Object.freeze({})]])(
    'is not said of %p',
    (given) => {
      expect(() => refuseNoOptions(given, 'options')).not.toThrow();
    },
  );
});

describe('An option that does not exist', () => {
  it('is refused with the one that was meant', () => {
    const mistake = mistakeOf(() => refuseUnknownOptions({ ttl: 1, jiter: 0 }, POLICY_OPTION_NAMES));
    expect(mistake.option).toBe('jiter');
    expect(mistake.message).toContain("Did you mean 'jitter'?");
  });

  it('is refused with all that there are when none is near', () => {
    const mistake = mistakeOf(() => refuseUnknownOptions({ banana: 1 }, ['ttl', 'jitter']));
    expect(mistake.message).toContain('ttl, jitter');
  });

  it('is refused with its path', () => {
    const mistake = mistakeOf(() => refuseUnknownOptions({ maxBites: 1 }, ['max', 'maxBytes'], 'memory.'));
    expect(mistake.option).toBe('memory.maxBites');
    expect(mistake.message).toContain("'memory.maxBytes'");
  });

  it('is refused though its value is undefined, and though it is named like something every object has', () => {
    expect(mistakeOf(() => refuseUnknownOptions({ tll: undefined }, ['ttl'])).option).toBe('tll');
    for (const name of ['constructor', 'toString', '__proto__']) {
      const options = JSON.parse(`{"${name}": 1}`) as object;
      expect(mistakeOf(() => refuseUnknownOptions(options, ['ttl'])).option).toBe(name);
    }
  });
});

describe('A ttl that looks like seconds', () => {
  it.each([[1], [60], [300], [999.9]])('is %p and is doubted, with both ways to write it', (ttl) => {
    expect(suspicionOf({ ttl })).toContain(`'${ttl}s'`);
    expect(suspicionOf({ ttl })).toContain(`'${ttl}ms'`);
  });

  it.each<[CachePolicyOptions]>([[{ ttl: 1_000 }], [{ ttl: '60ms' }], [{ ttl: '60s' }], [{}], [{ retryAfter: 5 }]])(
    'is not in %p',
    (options) => {
      expect(suspicionOf(options)).toBeUndefined();
    },
  );
});
