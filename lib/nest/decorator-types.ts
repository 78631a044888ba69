import type { Observable } from 'rxjs';
import type { CachePolicyOptions } from '../policy/options.js';

/** A class, abstract or not. */
export type Class<T = object> = abstract new (...args: never[]) => T;

/** A method that can be cached: one whose result is awaited or subscribed to. */
// oxlint-disable-next-line typescript/no-explicit-any -- with `never` a function of no written types would not compile
export type AsyncMethod = (...args: any[]) => Promise<unknown> | Observable<unknown>;

/** What an async method's promise resolves to, or its Observable emits. */
export type ResultOf<M extends AsyncMethod> =
  ReturnType<M> extends Observable<infer Value> ? Value : Awaited<ReturnType<M>>;

/** What a tag function returns: a tag, several, or none. */
export type Tags = string | readonly string[] | null | undefined;

/** Anything but a promise: a key cannot be waited for. */
export interface NoPromise {
  /** There is none. */
  readonly then?: never;
}

/** What a key function returns: anything a key can be made from, and no promise of it. */
export type KeyParts = string | number | bigint | boolean | (object & NoPromise);

/** Makes tags from a method's arguments. */
// oxlint-disable-next-line typescript/no-explicit-any -- as above
export type TagFunction = (...args: any[]) => Tags;

/** A tag, or a function that makes tags. */
export type TagSource = string | TagFunction;

/** Makes the arguments' part of a key. */
// oxlint-disable-next-line typescript/no-explicit-any -- as above
export type KeyFunction = (...args: any[]) => KeyParts;

/** Says yes or no to a call. */
// oxlint-disable-next-line typescript/no-explicit-any -- as above
export type CallPredicate = (...args: any[]) => boolean;

/** Says yes or no to a result. */
// oxlint-disable-next-line typescript/no-explicit-any -- as above
export type ResultPredicate = (result: any, ...args: any[]) => boolean;

/** Changes how a result is kept. */
// oxlint-disable-next-line typescript/no-explicit-any -- as above
export type AdaptFunction = (result: any, ...args: any[]) => CachePolicyOptions | undefined;

/** The options of `@Cached`. Its functions are called with `this` = the instance. */
export interface CachedOptions<
  Key extends KeyFunction = KeyFunction,
  When extends CallPredicate = CallPredicate,
  ShouldCache extends ResultPredicate = ResultPredicate,
  Adapt extends AdaptFunction = AdaptFunction,
> extends Omit<CachePolicyOptions, 'tags'> {
  /** The cache to use, by its `name`. Default `'default'`. */
  cache?: string;
  /** Replaces `Class.method` in the key. Default: the class Nest made the instance of, and the method. */
  name?: string;
  /** Replaces the arguments in the key. Default: all arguments. */
  key?: Key;
  /** False: this call runs uncached. Default: every call is cached. */
  when?: When;
  /** False: the result is not stored. Default: every result is. */
  shouldCache?: ShouldCache;
  /** Policy options and tags that follow from the result. Default: none. */
  adapt?: Adapt;
  /** The class of the result, or of the items of the array it is: brought back as such from tiers outside memory. Idle in memory. Default: plain data. */
  type?: Class;
  /** The result depends on the key alone: callers with the same key may share it, whoever they are. Default false. */
  shared?: boolean;
}

/** Nothing to complain of, or a type that nothing can be assigned to and that says why. */
export type Fits<Fn, Wanted, Complaint extends string> = [Fn] extends [Wanted]
  ? unknown
  : { [Why in Complaint]: never };

/** What `@Cached` returns. It compiles on methods that return a promise or an Observable and that its functions fit. */
export type CachedMethodDecorator<Key, When, ShouldCache, Adapt> = <M extends AsyncMethod>(
  prototype: object,
  method: string | symbol,
  descriptor: TypedPropertyDescriptor<M> &
    Fits<Key, (...args: Parameters<M>) => unknown, 'the parameters of key() do not fit the method'> &
    Fits<When, (...args: Parameters<M>) => unknown, 'the parameters of when() do not fit the method'> &
    Fits<
      ShouldCache,
      (result: ResultOf<M>, ...args: Parameters<M>) => unknown,
      'the parameters of shouldCache() do not fit the method'
    > &
    Fits<
      Adapt,
      (result: ResultOf<M>, ...args: Parameters<M>) => unknown,
      'the parameters of adapt() do not fit the method'
    >,
) => void;

/** What decorators with tags made from arguments return. */
export type TagsMethodDecorator<Source extends TagSource> = <M extends AsyncMethod>(
  prototype: object,
  method: string | symbol,
  descriptor: TypedPropertyDescriptor<M> &
    Fits<
      Exclude<Source, string>,
      (...args: Parameters<M>) => unknown,
      'the parameters of a tag function do not fit the method'
    >,
) => void;

/** What decorators with tags made from the result return. */
export type ResultTagsMethodDecorator<Fn extends TagFunction> = <M extends AsyncMethod>(
  prototype: object,
  method: string | symbol,
  descriptor: TypedPropertyDescriptor<M> &
    Fits<
      Fn,
      (result: ResultOf<M>, ...args: Parameters<M>) => unknown,
      'the parameters of the tag function do not fit the result and the method'
    >,
) => void;
