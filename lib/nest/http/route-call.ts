import { createParamDecorator, type ExecutionContext } from '@nestjs/common';

/** What the rules for replies need to see of a request, on either platform. */
export interface RequestLike {
  readonly method?: string;
  readonly originalUrl?: string;
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly user?: unknown;
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

/** The request in whose course Nest calls a handler. Handed in as its last argument, and taken off again. */
export class RouteCall {
  readonly request: RequestLike | undefined;
  /** None in GraphQL, where several resolvers make one reply. */
  readonly response: ResponseLike | undefined;

  constructor(request: RequestLike | undefined, response?: ResponseLike) {
    this.request = request;
    this.response = response;
  }

  static of(context: ExecutionContext): RouteCall {
    if (context.getType<string>() !== 'graphql')
      return new RouteCall(context.getArgByIndex(0), context.getArgByIndex(1));
    const shared = context.getArgByIndex<GraphQLContext | undefined>(2);
    return new RouteCall(shared?.req ?? shared?.request ?? shared?.reply?.request);
  }
}

interface GraphQLContext {
  readonly req?: RequestLike;
  readonly request?: RequestLike;
  readonly reply?: { readonly request?: RequestLike };
}

/** Makes the parameter by which a handler gets its `RouteCall`. */
export const routeCallFactory = (_data: unknown, context: ExecutionContext): RouteCall => RouteCall.of(context);

/** The decorator of that parameter. */
export const RouteCallParameter = createParamDecorator(routeCallFactory);

/** Takes the request off the arguments, if Nest called for one. */
export function takeRouteCall(args: unknown[]): RouteCall | undefined {
  const last = args[args.length - 1];
  if (!(last instanceof RouteCall)) return undefined;
  args.pop();
  return last;
}
