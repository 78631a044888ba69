import { types } from 'node:util';
import { oneLine, show } from '../core/errors.js';

const LONGEST = 300;
/** What a server says of a command that it does not know: the arguments may be a password, or a value. */
const ARGUMENTS = /,? with args beginning with.*/s;

/**
 * What the driver or the server complained of, and nothing else: their own errors carry the command with its arguments,
 * which are values and, while connecting, passwords.
 */
export class RedisLinkError extends Error {
  override readonly name = 'RedisLinkError';
  /** Of the system, such as `ECONNREFUSED`, or the first word of what the server said, such as `READONLY`. */
  readonly code: string | undefined;

  constructor(message: string, code?: string) {
    super(oneLine(message, LONGEST));
    this.code = code;
  }

  static of(thrown: unknown): RedisLinkError {
    if (thrown instanceof RedisLinkError) return thrown;
    if (!types.isNativeError(thrown)) return new RedisLinkError(show(thrown));
    const message = sayingOf(thrown).replace(ARGUMENTS, '');
    return new RedisLinkError(message, codeOf(thrown, message));
  }
}

/** Where a name has several addresses, Node tries them all and says only in the parts what was wrong. */
function sayingOf(error: Error): string {
  const { errors } = error as Error & { errors?: unknown };
  if (error.message !== '' || !Array.isArray(errors)) return error.message;
  return errors.map((each) => (types.isNativeError(each) ? each.message : show(each))).join('; ');
}

function codeOf(error: Error, message: string): string | undefined {
  const { code, command } = error as Error & { code?: unknown; command?: unknown };
  if (typeof code === 'string') return code;
  return command === undefined ? undefined : /^[A-Z]+(?= )/.exec(message)?.[0];
}
