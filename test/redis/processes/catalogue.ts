import type { CallOptions } from '../../../lib/policy/options.js';
import type { Scope, Value } from './records.js';

/** What kinds of keys there are, in turns: without tags, with declared ones, with one that only the result brings, with both. */
const KINDS = ['plain', 'declared', 'late', 'both'] as const;
export const TAGS = ['red', 'blue', 'green', 'grey', 'gold', 'pink'] as const;
const TTLS = [300, 1_000, 4_000] as const;

export function keysOf(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${KINDS[index % KINDS.length]}-${index}`);
}

function indexOf(key: string): number {
  return Number(key.slice(key.indexOf('-') + 1));
}

function tagAt(index: number): string {
  return TAGS[index % TAGS.length] as string;
}

/** The tags that callers declare. */
export function declaredTags(key: string): readonly string[] {
  if (!key.startsWith('declared-') && !key.startsWith('both-')) return [];
  const index = indexOf(key);
  return index % 3 === 0 ? [tagAt(index), tagAt(index + 1)] : [tagAt(index)];
}

/** The tags that only the result brings; another row may have another. */
export function lateTags(key: string, row: number): readonly string[] {
  return key.startsWith('late-') || key.startsWith('both-') ? [tagAt(indexOf(key) + 2 + (row % 2))] : [];
}

export function tagsOf({ key, row }: Pick<Value, 'key' | 'row'>): readonly string[] {
  return [...declaredTags(key), ...lateTags(key, row)];
}

export function optionsOf(key: string): CallOptions {
  const index = indexOf(key);
  return {
    ttl: TTLS[index % TTLS.length] as number,
    tags: declaredTags(key),
    retryAfter: 50,
    ...(index % 5 === 0 && { staleWhileRevalidate: 500 }),
    ...(index % 7 === 0 && { staleIfError: 1_000 }),
  };
}

/** Whether something ends a value that came before it. */
export function covers(scope: Scope, name: string, value: Pick<Value, 'key' | 'row'>): boolean {
  if (scope === 'all') return true;
  return scope === 'tag' ? tagsOf(value).includes(name) : name === value.key;
}

/** Whether it may end some value of the key. */
export function mayCover(scope: Scope, name: string, key: string): boolean {
  return [0, 1].some((row) => covers(scope, name, { key, row }));
}
