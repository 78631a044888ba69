import type { CachePolicyOptions } from '../../lib/index.js';

export const KEYS = ['a', 'b', 'c', 'd', 'e'] as const;
export type Key = (typeof KEYS)[number];
export const TAGS = ['red', 'blue', 'green'] as const;
export type Tag = (typeof TAGS)[number];

/** The tags that a caller declares before the load. */
export const DECLARED: Readonly<Record<Key, readonly Tag[]>> = {
  a: ['red'],
  b: ['red', 'blue'],
  c: [],
  d: ['red'],
  e: [],
};

/** The tags that only the load's result brings, of an even row and of an odd one. */
const LATE: Readonly<Record<Key, readonly [readonly Tag[], readonly Tag[]]>> = {
  a: [[], []],
  b: [[], []],
  c: [['blue'], ['blue']],
  d: [['blue'], ['green']],
  e: [[], []],
};

function together(key: Key, parity: 0 | 1): readonly Tag[] {
  return [...DECLARED[key], ...LATE[key][parity]];
}

const ALL = Object.fromEntries(
  KEYS.map((key) => [key, [together(key, 0), together(key, 1)]]),
) as unknown as typeof LATE;

export function lateTags(key: Key, row: number): readonly Tag[] {
  return LATE[key][row % 2 === 0 ? 0 : 1];
}

export function tagsOf(key: Key, row: number): readonly Tag[] {
  return ALL[key][row % 2 === 0 ? 0 : 1];
}

/** The keys that may have a tag. */
export const TAGGED = Object.fromEntries(
  TAGS.map((tag) => [tag, KEYS.filter((key) => ALL[key].some((tags) => tags.includes(tag)))]),
) as unknown as Readonly<Record<Tag, readonly Key[]>>;

export type Kind = 'row' | 'nothing' | 'missing';

/** What the source has: a row, nothing at all, or, where there are such, an error that is an answer. */
export function kindOf(row: number, { hasMissing }: { readonly hasMissing: boolean }): Kind {
  if (row % 9 === 7) return 'nothing';
  return hasMissing && row % 9 === 5 ? 'missing' : 'row';
}

/** What the source said of a key: the state of its row at the moment when the load began. */
export interface Value {
  readonly key: Key;
  readonly row: number;
  /** The place of that moment in the order of the history. */
  readonly at: number;
  /** Holds what only the memory of this process can keep, such as a function. */
  readonly more?: unknown;
}

/** The source's answer that there is no such row. It is remembered, and thrown. */
export class Missing extends Error {
  readonly value: Value;

  constructor(value: Value) {
    super('there is no such row');
    this.value = value;
  }
}

/** The source does not answer. */
export class SourceFailure extends Error {}

/** Why a caller waits no longer. */
export class CallerLeft extends Error {}

/** What no tier but memory can keep. */
export class Unwritable {
  readonly isUnwritable = true;
}

/** A policy in milliseconds, as a plan draws it. */
export interface KeyPolicy {
  readonly ttl: number;
  readonly staleWhileRevalidate: number;
  readonly staleIfError: number;
  readonly softTimeout: number | undefined;
  readonly negativeTtl: number;
  readonly memoryTtl: number | undefined;
  readonly refreshAhead: number | 'adaptive' | undefined;
  readonly singleFlight: 'cluster' | 'process';
}

const known = new WeakMap<KeyPolicy, CachePolicyOptions>();

export function optionsOf(policy: KeyPolicy): CachePolicyOptions {
  let options = known.get(policy);
  if (options === undefined) known.set(policy, (options = optionsFrom(policy)));
  return options;
}

function optionsFrom(policy: KeyPolicy): CachePolicyOptions {
  const { memoryTtl, refreshAhead, softTimeout, ...rest } = policy;
  return {
    ...rest,
    ttl: `${rest.ttl}ms`,
    negativeTtl: `${rest.negativeTtl}ms`,
    ...(memoryTtl === undefined ? {} : { memoryTtl }),
    ...(refreshAhead === undefined ? {} : { refreshAhead }),
    ...(softTimeout === undefined ? {} : { softTimeout }),
  };
}
