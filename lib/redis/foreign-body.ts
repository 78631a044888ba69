import { types } from 'node:util';
import { isThenable } from '../core/thenable.js';
import { cloneForReader, isPlainObject } from '../policy/isolation.js';
import type { Serializer } from '../policy/redis-options.js';
import { NotWritableError, UnreadableError } from '../wire/wire-errors.js';

/** As the language writes those functions that nobody wrote in it. */
const NATIVE = /^function \w*\(\) \{\s*\[native code\]\s*\}$/;
/** First byte of a value that a serializer of the user's wrote: our own formats have others, and each refuses the other's. */
const FORMAT = 0xff;

/** A value as the user's serializer writes it. Throws a NotWritableError, and nothing else. */
export function writeForeign(value: unknown, serializer: Serializer): Uint8Array {
  let bytes: unknown;
  try {
    refuseInstances(value);
    bytes = serializer.serialize(value);
  } catch (error) {
    throw error instanceof NotWritableError ? error : new NotWritableError('the serializer failed to write it');
  }
  if (typeof bytes === 'string' || types.isUint8Array(bytes))
    return Buffer.concat([Buffer.of(FORMAT), Buffer.from(bytes)]);
  throw new NotWritableError('the serializer returned neither a text nor bytes');
}

/** What it reads of it. Copies: it may refer to the bytes, which are part of all that Redis sent, or be shared with others. */
export function readForeign(body: Uint8Array, serializer: Serializer): unknown {
  if (body[0] !== FORMAT) throw new UnreadableError('it was written without the serializer');
  const value = serializer.deserialize(Uint8Array.prototype.slice.call(body, 1));
  if (!isThenable(value)) return cloneForReader(value);
  value.then(undefined, () => undefined);
  throw new UnreadableError('the serializer returned a promise');
}

/** A serializer is told nothing of classes: most make a bare object of an instance, which shows what its class hides. */
function refuseInstances(root: unknown): void {
  const seen = new Set<object>();
  const pending: unknown[] = [root];
  while (pending.length > 0) {
    const value = pending.pop();
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    if (types.isMap(value)) for (const [key, item] of value) pending.push(key, item);
    else if (types.isSet(value)) pending.push(...value);
    else if (Array.isArray(value) || isPlainObject(value)) pending.push(...Object.values(value));
    if (!isPlainObject(value) && !isOfTheLanguage(value)) {
      throw new NotWritableError('it holds an instance of a class, of which a serializer is told nothing');
    }
  }
}

function isOfTheLanguage(value: object): boolean {
  if (ArrayBuffer.isView(value)) return true;
  const maker: unknown = (Object.getPrototypeOf(value) as { constructor?: unknown } | null)?.constructor;
  return typeof maker === 'function' && NATIVE.test(Function.prototype.toString.call(maker));
}
