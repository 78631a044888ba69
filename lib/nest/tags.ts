import { LayerCacheKeyError } from '../core/errors.js';
import type { TagFunction, TagSource } from './decorator-types.js';

/** The tags that a decorator's sources make for one call. Throws what a source throws, and for what is no tag. */
export function tagsOf(sources: readonly TagSource[], self: unknown, args: readonly unknown[]): string[] {
  const tags = new Set<string>();
  for (const source of sources) {
    const made: unknown = typeof source === 'string' ? source : source.apply(self, args as unknown[]);
    if (made === undefined || made === null) continue;
    for (const tag of Array.isArray(made) ? (made as unknown[]) : [made]) tags.add(checked(tag));
  }
  return [...tags];
}

/** The same for sources that are given the result before the arguments. */
export function resultTagsOf(
  sources: readonly TagFunction[],
  self: unknown,
  { result, args }: { result: unknown; args: readonly unknown[] },
): string[] {
  return tagsOf(sources, self, [result, ...args]);
}

/** An async function is refused for what it returned; what becomes of that must not end the process. */
function ignoreIfPromise(tag: unknown): void {
  const { then } = (tag ?? {}) as { then?: unknown };
  if (typeof then === 'function') Promise.resolve(tag).catch(() => undefined);
}

function checked(tag: unknown): string {
  if (typeof tag === 'string' && tag !== '') return tag;
  ignoreIfPromise(tag);
  const isPromise = typeof (tag as { then?: unknown } | null)?.then === 'function';
  const got = tag === '' ? 'an empty string' : isPromise ? 'a promise' : `of type ${typeof tag}`;
  throw new LayerCacheKeyError(`a tag is ${got}; takes, not async, a string, several, or undefined.`);
}
