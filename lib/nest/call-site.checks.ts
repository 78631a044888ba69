import 'reflect-metadata';
import { RequestMethod } from '@nestjs/common';
import { LayerCacheConfigError, type Misuse } from '../core/errors.js';
import type { CallSite } from './call-site.js';
import type { DecoratedClass } from './decorated-classes.js';
import type { CachedOptions } from './decorator-types.js';
import { answeringParameterOf, isResolver, isRoute, liveParameterOf } from './http/route-parameter.js';
import { isOverridden, type MethodDeclaration } from './method-declaration.js';
import { RESOLVER_TYPE, ROUTE_METHOD, SSE } from './nest-metadata.js';

/** What is wrong with the decorators of one method taken together; undefined where nothing is. */
export function mistakeIn(declaration: MethodDeclaration): Misuse | undefined {
  const { cached, tags, resultTags, invalidates, invalidated, resultInvalidated } = declaration;
  const hasTags = tags.length + resultTags.length > 0;
  if (cached.length > 1) return { option: '@Cached', problem: 'it has @Cached twice. Remove one.' };
  if (cached.length > 0 && invalidates) {
    const problem =
      'it has both @Cached and @InvalidateTags: a cached call does not run, and then nothing is invalidated. Remove one.';
    return { option: '@InvalidateTags', problem };
  }
  if (cached.length === 0 && hasTags) {
    return { option: '@CacheTags', problem: 'it has @CacheTags but no @Cached. Add @Cached(), or remove @CacheTags.' };
  }
  if (cached.length === 0 && !invalidates) {
    return { option: '@CacheTags', problem: 'it has @CacheTags without a tag and without @Cached. Remove it.' };
  }
  if (invalidates && invalidated.length + resultInvalidated.length === 0) {
    return {
      option: '@InvalidateTags',
      problem: "it has @InvalidateTags without a tag. Name one: @InvalidateTags('users').",
    };
  }
  const all: unknown[] = [...tags, ...invalidated, ...resultTags, ...resultInvalidated];
  const index = all.findIndex((tag) => !isTagSource(tag));
  if (index < 0) return undefined;
  const bad = all[index];
  const problem = `it has a tag that is ${bad === '' ? 'an empty text' : `of type ${typeof bad}`}. A tag is a text, or a function that makes one.`;
  return { option: invalidates ? '@InvalidateTags' : '@CacheTags', problem };
}

function isTagSource(tag: unknown): boolean {
  return typeof tag === 'function' || (typeof tag === 'string' && tag !== '');
}

/** What keeps a cached handler from being one; undefined where nothing does, or where the method is no handler. */
export function mistakeInHandler(
  prototype: object,
  declaration: MethodDeclaration,
  options: CachedOptions,
): Misuse | undefined {
  const { method } = declaration;
  if (isOverridden(prototype, declaration)) return undefined;
  const handler: unknown = Reflect.get(prototype, method);
  if (typeof handler !== 'function') return undefined;
  const isShared = options.shared === true;
  const resolver = Reflect.getMetadata(RESOLVER_TYPE, handler) as string | undefined;
  if (resolver === 'Subscription')
    return { option: '@Cached', problem: `it is a subscription, which cannot be cached. Remove @Cached.` };
  if (resolver === 'Mutation' && !isShared) return verbMistake('a mutation');
  const live = options.key === undefined ? liveMistake(prototype, method) : undefined;
  if (!isRoute(handler)) return isResolver(handler) ? live : undefined;
  if (Reflect.hasMetadata(SSE, handler)) {
    return { option: '@Cached', problem: 'it sends events (@Sse), which cannot be cached. Remove @Cached.' };
  }
  const verb = Reflect.getMetadata(ROUTE_METHOD, handler) as RequestMethod;
  if (verb !== RequestMethod.GET && verb !== RequestMethod.HEAD && !isShared)
    return verbMistake('a handler of another verb than GET and HEAD');
  const answering = answeringParameterOf(prototype, method);
  if (answering !== undefined) {
    const problem = `it takes ${answering} and answers the request itself, which a cached call could not. Return the reply instead${answering === '@Res()' ? ', or write @Res({ passthrough: true }) and a key' : ''}.`;
    return { option: '@Cached', problem };
  }
  return live;
}

function liveMistake(prototype: object, method: string): Misuse | undefined {
  const live = liveParameterOf(prototype, method);
  if (live === undefined) return undefined;
  const finer = isResolver(Reflect.get(prototype, method))
    ? "@Args() or @Context('name')"
    : "@Param(), @Query() or @Headers('name')";
  const problem = `it takes ${live}, by which no key can be made. Take what it needs by ${finer}, or write a key.`;
  return { option: 'key', problem };
}

function verbMistake(what: string): Misuse {
  const problem = `it is ${what}: a cached call does not run. Remove @Cached, or write shared: true if it only reads.`;
  return { option: 'shared', problem };
}

/** What keeps the instances of a class from sharing a call site; undefined where nothing does. */
export function mistakeInInstances({ instances, isStatic }: DecoratedClass, site: CallSite): Misuse | undefined {
  const { options, cache } = site;
  if (options.shared === true || options.key !== undefined) return undefined;
  if (!isStatic && !cache.hasKeyContext) {
    const problem =
      'it is made anew per request, or injects something that is, so that its arguments may not be all that decides. ' +
      'Write a key or keyContext with what else does, or shared: true if nothing else does.';
    return { option: 'key', problem };
  }
  if (!isStatic || instances.size < 2) return undefined;
  const problem =
    `there are ${instances.size} instances of its class, which would share values. ` +
    'Write shared: true if they answer alike, or a key that tells them apart.';
  return { option: 'shared', problem };
}

/** All mistakes as one error, which the start stops with. */
export function errorOf(mistakes: readonly LayerCacheConfigError[]): LayerCacheConfigError | undefined {
  const [first] = mistakes;
  if (first === undefined || mistakes.length === 1) return first;
  const list = mistakes.map(({ message }) => `\n- ${message}`).join('');
  return new LayerCacheConfigError({ option: first.option, problem: `${mistakes.length} mistakes:${list}` });
}
