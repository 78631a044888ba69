import { LayerCacheKeyError } from '../core/errors.js';
import { isThenable } from '../core/thenable.js';
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

function checked(tag: unknown): string {
  if (typeof tag === 'string' && tag !== '') return tag;
  // What becomes of it must not end the process.
  if (isThenable(tag)) tag.then(undefined, () => undefined);
  const got = tag === '' ? 'an empty string' : isThenable(tag) ? 'a promise' : `of type ${typeof tag}`;
  throw new LayerCacheKeyError(`a tag is ${got}; takes, not async, a string, several, or undefined.`);
}
