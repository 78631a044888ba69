import { LayerCacheConfigError } from '../core/errors.js';
import type { CachePolicyOptions } from '../policy/options.js';
import { only, POLICY_OPTION_NAMES, refuseNoOptions, refuseUnknownOptions } from '../policy/resolve-policy.js';
import { DEFAULT_CACHE } from './cache.token.js';
import type { CachedOptions } from './decorator-types.js';
import type { Method, MethodDeclaration } from './method-declaration.js';
import { MIXIN_NAME } from './nest-metadata.js';

const isFunction = (given: unknown): boolean => typeof given === 'function';
const isText = (given: unknown): boolean => typeof given === 'string' && given !== '';

const READERS: Readonly<Record<Exclude<keyof CachedOptions, keyof CachePolicyOptions>, ReturnType<typeof only>>> = {
  cache: only(isText, 'the name of a cache'),
  name: only(isText, "a text that is not empty, such as 'users.find'"),
  key: only(isFunction, 'a function of the arguments'),
  when: only(isFunction, 'a function of the arguments that returns true or false'),
  shouldCache: only(isFunction, 'a function of the result and the arguments that returns true or false'),
  adapt: only(isFunction, 'a function of the result and the arguments that returns options'),
  type: only(isFunction, 'a class'),
  shared: only((given) => typeof given === 'boolean', 'true or false'),
};
const OWN_NAMES = Object.keys(READERS) as (keyof typeof READERS)[];
const POLICY_NAMES = POLICY_OPTION_NAMES.filter((name) => name !== 'tags');

/** What the decorators of a cached method say, checked. */
export interface ResolvedOptions {
  readonly options: CachedOptions;
  readonly policy: CachePolicyOptions;
  readonly original: Method;
}

/** The options of a cached method, every one checked. */
export function resolveCached(declaration: MethodDeclaration, where: string): ResolvedOptions {
  const { cached, original, tags } = declaration;
  const options = cached[0];
  if (options === undefined || original === undefined) {
    throw new LayerCacheConfigError({ option: '@Cached', problem: 'it has no @Cached.' }, where);
  }
  checkOptions(options, where);
  const given = POLICY_NAMES.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]);
  const texts = tags.filter((tag) => typeof tag === 'string');
  const policy = { ...(Object.fromEntries(given) as CachePolicyOptions), ...(texts.length > 0 && { tags: texts }) };
  return { options, policy, original };
}

function checkOptions(options: CachedOptions, where: string): void {
  atPlace(where, () => {
    refuseNoOptions(options, '@Cached');
    if ('tags' in options) {
      throw new LayerCacheConfigError({
        option: 'tags',
        got: options.tags,
        takes: 'nothing here: write @CacheTags(…)',
      });
    }
    refuseUnknownOptions(options, [...POLICY_NAMES, ...OWN_NAMES]);
    for (const name of OWN_NAMES) if (options[name] !== undefined) READERS[name](options[name], name);
  });
}

/** The name of the cache that a method uses, also where its options are not yet known to be right. */
export function cacheNameOf({ cached }: MethodDeclaration): string {
  return (cached[0] as CachedOptions | null | undefined)?.cache ?? DEFAULT_CACHE;
}

/** Runs a check; what it throws of a bad option then names the place too. */
export function atPlace<T>(where: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    throw error instanceof LayerCacheConfigError ? error.at(where) : error;
  }
}

/** A name is the first part of keys, in this process and the next: it has to be the same in all, and only one's. */
export function refuseBadName(name: string, where: string): void {
  const [className = ''] = name.split('.');
  if (MIXIN_NAME.test(className)) {
    const problem =
      'its class was made by mixin(), which gives it another name at every start. Write @Cached({ name: … }).';
    throw new LayerCacheConfigError({ option: 'name', problem }, where);
  }
  if (name.startsWith('.')) {
    const problem = 'its class has no name. Give it one, or write @Cached({ name: … }).';
    throw new LayerCacheConfigError({ option: 'name', problem }, where);
  }
  if (/[\s(]/.test(name)) {
    throw new LayerCacheConfigError({ option: 'name', got: name, takes: "a text without spaces and '('" }, where);
  }
}
