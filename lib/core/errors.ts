import { types } from 'node:util';

/** What every error of this package has beside its message: a `code` to branch on. */
export abstract class LayerCacheError extends Error {
  /** Stable across releases; the message is not. */
  abstract readonly code: string;

  /** The class's own name, which a minifier would otherwise change. */
  abstract override readonly name: string;
}

/** What a bad option was, what it got and what it takes. */
export interface ConfigMistake {
  /** The option's path, such as `memory.maxBytes`. */
  option: string;
  /** The value it was given. */
  got: unknown;
  /** What it takes, in words. */
  takes: string;
}

/** What was declared that cannot work, and the cure. */
export interface Misuse {
  /** The option or decorator that brought it about. */
  option: string;
  /** The problem and the cure, in words. */
  problem: string;
}

/**
 * An option that cannot be used, or decorators that cannot work as they stand. Thrown when the cache is made or the
 * application starts, or when the call that carries the option must load or store.
 */
export class LayerCacheConfigError extends LayerCacheError {
  override readonly name = 'LayerCacheConfigError';
  readonly code = 'LAYERCACHE_CONFIG';
  /** The option's path, such as `memory.maxBytes`, or the decorator. */
  readonly option: string;

  readonly #mistake: ConfigMistake | Misuse;

  /** With `where`, the place that the message names first: a class and its method. */
  constructor(mistake: ConfigMistake | Misuse, where?: string) {
    super(`${where === undefined ? '' : `${oneLine(where)}: `}${textOf(mistake)}`);
    this.option = mistake.option;
    this.#mistake = mistake;
  }

  /** The same error, naming the place where the mistake was made. */
  at(where: string): LayerCacheConfigError {
    return new LayerCacheConfigError(this.#mistake, where);
  }
}

function textOf(mistake: ConfigMistake | Misuse): string {
  if ('problem' in mistake) return mistake.problem;
  return `${oneLine(mistake.option)}: got ${show(mistake.got)}, takes ${mistake.takes}`;
}

/** A key, a tag or an argument from which no key can be made. The message never holds the value itself. */
export class LayerCacheKeyError extends LayerCacheError {
  override readonly name = 'LayerCacheKeyError';
  readonly code = 'LAYERCACHE_KEY';
}

/** A load that took longer than its `timeout` and was given up. */
export class LoadTimeoutError extends LayerCacheError {
  override readonly name = 'LoadTimeoutError';
  readonly code = 'LAYERCACHE_LOAD_TIMEOUT';
  /** The limit in milliseconds. */
  readonly timeout: number;

  constructor(message: string, timeout: number) {
    super(message);
    this.timeout = timeout;
  }
}

/**
 * An invalidation, or a `set`, that Redis could not be told of in time. This process acts on it already; the others will as soon as
 * Redis can be told, which is tried until it succeeds or this process ends.
 */
export class InvalidationPendingError extends LayerCacheError {
  override readonly name = 'InvalidationPendingError';
  readonly code = 'LAYERCACHE_INVALIDATION_PENDING';

  constructor(cause: unknown) {
    super(
      'Redis could not be told of this invalidation in time. It holds in this process; the others will hear of it as soon ' +
        `as Redis can be told: ${messageOf(cause)}`,
      { cause },
    );
  }
}

/** A load that waits for itself: it asked for its own key, directly or through other loads. */
export class ReentrantLoadError extends LayerCacheError {
  override readonly name = 'ReentrantLoadError';
  readonly code = 'LAYERCACHE_REENTRANT_LOAD';
  readonly #chain: readonly string[];

  constructor(chain: readonly string[]) {
    super(
      `this load waits for itself: ${chain.map(labelOf).join(' -> ')}. ` +
        'Call the uncached method inside the load, or give the inner call another key.',
    );
    this.#chain = chain;
  }

  /** The keys in the order in which they wait, the first again at the end. Not printed with the error. */
  get chain(): readonly string[] {
    return this.#chain;
  }
}

const LONGEST_SHOWN = 80;

/** Every control character, so that no text of a caller's begins a new log line or moves a terminal's cursor. */
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;

/** One line of at most 80 characters, or as many as are said, whatever the text holds. */
export function oneLine(text: string, longest: number = LONGEST_SHOWN): string {
  const escaped = text.slice(0, longest).replace(CONTROL, escape);
  const fits = text.length <= longest && escaped.length <= longest;
  return fits ? escaped : `${escaped.slice(0, longest - 1)}…`;
}

function escape(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** A key as messages name it: without the arguments of the call it was made from. */
export function labelOf(key: string): string {
  const args = key.indexOf('(');
  return oneLine(args < 0 ? key : `${key.slice(0, Math.min(args, LONGEST_SHOWN))}(…)`);
}

/** Who mistypes an option may have given it an address, with a password. */
const CREDENTIALS = /\/\/.*@/s;

/** A value as an error shows it: short, on one line, and never by running code of the value's own. */
export function show(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return `'${oneLine(value.replace(CREDENTIALS, '//…@'))}'`;
    case 'bigint':
      return oneLine(`${value}n`);
    case 'function':
      return 'a function';
    case 'object':
      return value === null ? 'null' : showObject(value);
    default:
      return Object.is(value, -0) ? '-0' : oneLine(String(value));
  }
}

/** A proxy may refuse even to say whether it is an array, or how long. */
function showObject(value: object): string {
  try {
    return Array.isArray(value) ? `an array of ${value.length}` : 'an object';
  } catch {
    return 'an object';
  }
}

/** The message of whatever was thrown, on one line. */
export function messageOf(thrown: unknown): string {
  try {
    const message = types.isNativeError(thrown) ? (thrown.message as unknown) : thrown;
    return typeof message === 'string' ? oneLine(message) : show(message);
  } catch {
    return 'an error whose message cannot be read';
  }
}
