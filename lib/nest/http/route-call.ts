import { createParamDecorator, type ExecutionContext } from '@nestjs/common';

/** What the rules for replies need to see of a request, on either platform. */
export interface RequestLike {
  readonly method?: string;
  readonly originalUrl?: string;
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** As Express has it from the Host header, or from a proxy that it trusts. */
  readonly hostname?: string;
  readonly user?: unknown;
  /** Fastify's: Node's own request. */
  readonly raw?: { readonly user?: unknown };
}

/** What they need of a reply: Express's response, or Fastify's. */
export interface ResponseLike {
  readonly statusCode?: number;
  /** Express's. */
  readonly headersSent?: boolean;
  setHeader?(name: string, value: string): unknown;
  /** Fastify's. */
  readonly sent?: boolean;
  header?(name: string, value: string): unknown;
}

/**
 * The request in whose course Nest calls a handler. Handed in as its last argument, and taken off again. What it holds is
 * private, so that a pipe which copies or validates all it is given finds nothing to walk into.
 */
export class RouteCall {
  readonly #request: RequestLike | undefined;
  readonly #response: ResponseLike | undefined;
  readonly #arity: number;

  /** `arity`: how many arguments Nest would give the handler without this one. */
  constructor(request: RequestLike | undefined, response: ResponseLike | undefined, arity: number) {
    this.#request = request;
    this.#response = response;
    this.#arity = arity;
  }

  static of(context: ExecutionContext, arity: number): RouteCall {
    const type = context.getType<string>();
    if (type === 'http') return new RouteCall(context.getArgByIndex(0), context.getArgByIndex(1), arity);
    if (type === 'graphql') return RouteCall.ofResolver(context.getArgs(), arity);
    // The handler of a route may be one of messages as well.
    return new RouteCall(undefined, undefined, arity);
  }

  /** What all of one request share is the last but one of a resolver's arguments: (root, args, context, info), or of a reference's, which has no args. */
  static ofResolver(args: readonly unknown[], arity: number): RouteCall {
    const shared = args[args.length >= 4 ? 2 : 1] as GraphQLContext | null | undefined;
    return new RouteCall(shared?.req ?? shared?.request ?? shared?.reply?.request, undefined, arity);
  }

  get request(): RequestLike | undefined {
    return this.#request;
  }

  /** None in GraphQL, where several resolvers make one reply. */
  get response(): ResponseLike | undefined {
    return this.#response;
  }

  get arity(): number {
    return this.#arity;
  }
}

interface GraphQLContext {
  readonly req?: RequestLike;
  readonly request?: RequestLike;
  readonly reply?: { readonly request?: RequestLike };
}

/** Makes the parameter by which a handler gets its `RouteCall`; `arity` is that of the handler without it. */
export const routeCallFactory = (arity: number, context: ExecutionContext): RouteCall => RouteCall.of(context, arity);

/** The decorator of that parameter. */
export const RouteCallParameter = createParamDecorator(routeCallFactory);

/** Takes the request off the arguments, if Nest called for one. */
export function takeRouteCall(args: unknown[]): RouteCall | undefined {
  const last = args[args.length - 1];
  if (!(last instanceof RouteCall)) return undefined;
  args.length = last.arity;
  return last;
}
