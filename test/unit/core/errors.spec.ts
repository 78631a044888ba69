import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import fc from '../../support/properties.js';
import {
  InvalidationPendingError,
  LayerCacheConfigError,
  LayerCacheError,
  LayerCacheKeyError,
  LoadTimeoutError,
  ReentrantLoadError,
  labelOf,
  messageOf,
  oneLine,
  show,
} from '../../../lib/core/errors.js';

const LARGE = 1_000_000;
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
/** Far above what any of these lines needs, far below what fills a log. */
const SHORT = 600;

/** Looks at no more than it must: a failure that prints a megabyte takes minutes. */
const expectOneShortLine = (text: string): void => {
  expect(text.length).toBeLessThan(SHORT);
  expect(CONTROL.test(text)).toBe(false);
};

/** Of a proxy that answers every question by throwing. */
const hostileHandler: ProxyHandler<object> = new Proxy(
  {},
  {
    get: () => () => {
      throw new Error('ran');
    },
  },
);

describe('An error of this package', () => {
  const errors: readonly [name: string, code: string, error: LayerCacheError][] = [
    [
      'LayerCacheConfigError',
      'LAYERCACHE_CONFIG',
      new LayerCacheConfigError({ option: 'ttl', got: -1, takes: 'a duration' }),
    ],
    ['LayerCacheKeyError', 'LAYERCACHE_KEY', new LayerCacheKeyError('no key')],
    ['LoadTimeoutError', 'LAYERCACHE_LOAD_TIMEOUT', new LoadTimeoutError('too slow', 30)],
    ['ReentrantLoadError', 'LAYERCACHE_REENTRANT_LOAD', new ReentrantLoadError(['a', 'a'])],
    ['InvalidationPendingError', 'LAYERCACHE_INVALIDATION_PENDING', new InvalidationPendingError('why')],
  ];

  it.each(errors)('%s has the code %s, its name, and is an Error and a LayerCacheError', (name, code, error) => {
    expect(error.code).toBe(code);
    expect(error.name).toBe(name);
    expect(String(error)).toBe(`${name}: ${error.message}`);
    expect(error).toBeInstanceOf(LayerCacheError);
    expect(error).toBeInstanceOf(Error);
    expect(error.stack).toContain('errors.spec');
  });

  it('has a code and a name that no other has', () => {
    expect(new Set(errors.map(([, , error]) => error.code)).size).toBe(errors.length);
    expect(new Set(errors.map(([, , error]) => error.name)).size).toBe(errors.length);
  });

  it('keeps the cause it was given', () => {
    const cause = new Error('why');
    expect(new LayerCacheKeyError('no key', { cause }).cause).toBe(cause);
  });

  it('tells the limit of a load that was given up', () => {
    expect(new LoadTimeoutError('too slow', 30_000).timeout).toBe(30_000);
  });
});

describe('A config error', () => {
  it('names the option, what it got and what it takes', () => {
    const error = new LayerCacheConfigError({ option: 'memory.max', got: 'lots', takes: 'a whole number above 0' });
    expect(error.option).toBe('memory.max');
    expect(error.message).toBe("memory.max: got 'lots', takes a whole number above 0");
  });

  it('names first the place where the mistake was made, once it is known, in one line', () => {
    const error = new LayerCacheConfigError({ option: 'ttl', got: -1, takes: 'a duration' });
    const placed = error.at('Users.find\n');
    expect(placed.message).toBe('Users.find\\u000a: ttl: got -1, takes a duration');
    expect(placed.option).toBe('ttl');
  });

  it('says the problem in its own words where nothing single was given wrongly', () => {
    const error = new LayerCacheConfigError({ option: '@Cached()', problem: 'stands twice: remove one.' });
    expect(error.message).toBe('stands twice: remove one.');
    expect(error.option).toBe('@Cached()');
    expect(error.at('Users.find').message).toBe('Users.find: stands twice: remove one.');
  });

  it('shows the option in one line of at most 80 characters, and keeps it whole for whoever reads it', () => {
    const option = `${'o'.repeat(200)}\n`;
    const error = new LayerCacheConfigError({ option, got: 1, takes: 'nothing' });
    expect(error.message).toBe(`${'o'.repeat(79)}…: got 1, takes nothing`);
    expect(error.option).toBe(option);
  });

  const hostile: readonly [string, unknown][] = [
    ['line breaks', 'a\r\nERROR forged line\u2028and\u2029more\u0085'],
    ['an escape sequence', '\u001b[2J\u001b]0;title\u0007'],
    ['a NUL', '\u0000'],
    ['1 MB of text', 'x'.repeat(LARGE)],
    ['1 MB of line breaks', '\n'.repeat(LARGE)],
    ['a bigint of 10,000 digits', 10n ** 10_000n],
    ['a symbol with line breaks', Symbol('a\nERROR forged line')],
    ['a symbol with 1 MB of text', Symbol('x'.repeat(LARGE))],
    ['an error with line breaks', new Error('a\nb')],
    ['an array of 1 MB texts', ['x'.repeat(LARGE)]],
  ];

  it.each(hostile)('is one short line when it got %s', (_words, got) => {
    expectOneShortLine(new LayerCacheConfigError({ option: 'ttl', got, takes: 'a duration' }).message);
  });

  it.each(hostile.filter(([, got]) => typeof got === 'string') as [string, string][])(
    'is one short line when the option is named by %s',
    (_words, option) => {
      expectOneShortLine(new LayerCacheConfigError({ option, got: 1, takes: 'nothing' }).message);
    },
  );
});

describe('What an error shows of a value', () => {
  const shown: readonly [unknown, string][] = [
    ['text', "'text'"],
    ['', "''"],
    [1.5, '1.5'],
    [-0, '-0'],
    [0, '0'],
    [Number.NaN, 'NaN'],
    [Number.NEGATIVE_INFINITY, '-Infinity'],
    [12n, '12n'],
    [true, 'true'],
    [null, 'null'],
    [undefined, 'undefined'],
    [Symbol('s'), 'Symbol(s)'],
    [(): void => undefined, 'a function'],
    [class Secret {}, 'a function'],
    ['redis://user:secret@host:6379', "'redis://…@host:6379'"],
    ['//user:sec\nret@host', "'//…@host'"],
    [[1, 2, 3], 'an array of 3'],
    [[], 'an array of 0'],
    [{ password: 'secret' }, 'an object'],
    [new Date(0), 'an object'],
    [Object.create(null), 'an object'],
    [/secret/, 'an object'],
  ];

  it.each(shown)('is for %p: %s', (value, text) => {
    expect(show(value)).toBe(text);
  });

  it('runs no code of the value', () => {
    const alarm = (): never => {
      throw new Error('ran');
    };
    const armed = {
      toString: alarm,
      toJSON: alarm,
      [Symbol.toPrimitive]: alarm,
      [inspect.custom]: alarm,
      get [Symbol.toStringTag](): string {
        return alarm();
      },
    };
    const handler = new Proxy({}, { get: () => alarm });
    expect(show(armed)).toBe('an object');
    expect(show(new Proxy({}, handler))).toBe('an object');
    expect(show(new Proxy(alarm, handler))).toBe('a function');
  });

  it('is for a proxy of an array, whatever it does, and for one that was revoked: an object', () => {
    for (const target of [{}, []]) {
      const { proxy, revoke } = Proxy.revocable(target, {});
      revoke();
      expect(show(proxy)).toBe('an object');
    }
    expect(show(new Proxy([], hostileHandler))).toBe('an object');
    expect(show(new Proxy([1, 2], {}))).toBe('an array of 2');
  });

  it('is never longer than a line of at most 80 characters, whatever the text holds', () => {
    expect(oneLine('x'.repeat(80))).toBe('x'.repeat(80));
    expect(oneLine('x'.repeat(81))).toBe(`${'x'.repeat(79)}…`);
    for (const text of ['\n'.repeat(80), '\u001b'.repeat(LARGE), 'a\n'.repeat(60)]) {
      expect(CONTROL.test(oneLine(text))).toBe(false);
      expect(oneLine(text).length).toBeLessThanOrEqual(80);
    }
  });

  it('is a line of at most 80 characters for any text', () => {
    const units = fc.oneof(fc.nat(0xffff), fc.constantFrom(0x0a, 0x1b, 0x2028, 0x61));
    fc.assert(
      fc.property(fc.array(units, { maxLength: 120, size: 'max' }), (codes) => {
        const text = String.fromCharCode(...codes);
        const line = oneLine(text);
        expect(line.length).toBeLessThanOrEqual(80);
        expect(CONTROL.test(line)).toBe(false);
        expect(line === text).toBe(text.length <= 80 && !CONTROL.test(text));
      }),
      { numRuns: 200 },
    );
  });

  it('shows each control character by its number', () => {
    expect(oneLine('a\nb\u001bc\u007f\u2028')).toBe('a\\u000ab\\u001bc\\u007f\\u2028');
  });
});

describe('The message of what was thrown', () => {
  it.each([
    [new Error('plain'), 'plain'],
    [new TypeError('a\nb'), 'a\\u000ab'],
    ['text', 'text'],
    ['a\nb', 'a\\u000ab'],
    [undefined, 'undefined'],
    [null, 'null'],
    [5n, '5n'],
    [Symbol('s'), 'Symbol(s)'],
    [{ message: 'secret' }, 'an object'],
  ])('is for %p: %s', (thrown, text) => {
    expect(messageOf(thrown)).toBe(text);
  });

  const withMessage = (descriptor: PropertyDescriptor): Error =>
    Object.defineProperty(new Error('first'), 'message', descriptor);

  it.each<[string, Error, string]>([
    ['undefined', withMessage({ value: undefined }), 'undefined'],
    ['a number', withMessage({ value: 42 }), '42'],
    ['an object', withMessage({ value: { detail: 'x' } }), 'an object'],
    ['a megabyte of line breaks', new Error('\n'.repeat(LARGE)), oneLine('\n'.repeat(LARGE))],
    [
      'a getter that throws',
      withMessage({
        get: () => {
          throw new Error('ran');
        },
      }),
      'an error whose message cannot be read',
    ],
  ])('is a text also for an error whose message is %s', (_words, thrown, text) => {
    expect(messageOf(thrown)).toBe(text);
  });

  it('is a text also for a proxy, revoked or hostile', () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(messageOf(proxy)).toBe('an object');
    expect(messageOf(new Proxy(new Error('hidden'), hostileHandler))).toBe('an object');
    expect(messageOf(new Proxy([], hostileHandler))).toBe('an object');
  });
});

describe('The label of a key', () => {
  it.each([
    ["Users.findOne('secret)", 'Users.findOne(…)'],
    ['user:1', 'user:1'],
    ['a(b(c', 'a(…)'],
    ['(secret)', '(…)'],
    ['', ''],
    ['a\nb(1)', 'a\\u000ab(…)'],
  ])('of %p is %p, without the arguments', (key, label) => {
    expect(labelOf(key)).toBe(label);
  });

  it('is one short line for any key', () => {
    for (const key of ['k'.repeat(LARGE), '\n'.repeat(LARGE), `n(${'a'.repeat(LARGE)})`]) {
      expectOneShortLine(labelOf(key));
    }
  });
});

describe('The error of an invalidation that is owed', () => {
  it('says what holds already and why the rest does not, and keeps the cause', () => {
    const cause = new Error('not connected');
    const error = new InvalidationPendingError(cause);
    expect(error.message).toBe(
      'Redis could not be told of this invalidation in time. It holds in this process; the others will hear of it as soon as ' +
        'Redis can be told: not connected',
    );
    expect(error.cause).toBe(cause);
  });
});

describe('The error of a load that waits for itself', () => {
  const error = new ReentrantLoadError([
    "Users.find('canary-4711)",
    "Orders.of('canary-4711)",
    "Users.find('canary-4711)",
  ]);

  it('gives the chain of keys in order', () => {
    expect(error.chain).toEqual(["Users.find('canary-4711)", "Orders.of('canary-4711)", "Users.find('canary-4711)"]);
  });

  it('names the chain in its message without the arguments', () => {
    expect(error.message).toContain('Users.find(…) -> Orders.of(…) -> Users.find(…)');
    expect(error.message).not.toContain('canary');
  });

  it('names the cure', () => {
    expect(error.message).toMatch(
      /: Users\.find.* Call the uncached method inside the load, or give the inner call another key\.$/,
    );
  });

  it('does not show the keys where errors are printed', () => {
    for (const options of [{}, { showHidden: true }, { depth: Infinity, getters: true }]) {
      expect(inspect(error, options)).not.toContain('canary');
    }
    expect(JSON.stringify(error)).not.toContain('canary');
    expect(String(error.stack)).not.toContain('canary');
  });
});
