/**
 * What Nest keeps as metadata and exports under no public name. The texts are the same in Nest 11 and 12; a test compares
 * them with what Nest's decorators really write.
 */

/** On a controller's class and a handler's name: its parameters, by `type:index`. Of GraphQL resolvers as well. */
export const ROUTE_ARGUMENTS = '__routeArguments__';

/** On a route handler: its verb. */
export const ROUTE_METHOD = 'method';

/** On a route handler: whether it is one of `@Sse()`. */
export const SSE = '__sse__';

/** On a resolver: 'Query', 'Mutation', 'Subscription', or a field's name. */
export const RESOLVER_TYPE = 'graphql:resolver_type';

/** On a resolver of a field. */
export const FIELD_RESOLVER = 'graphql:resolve_property';

/** On a resolver of a reference. */
export const REFERENCE_RESOLVER = 'graphql:resolve_reference';

/** On a class: the properties that are injected. */
export const INJECTED_PROPERTIES = 'self:properties_metadata';

/** On a class's member: the type it was declared to return, as TypeScript emits it. */
export const RETURN_TYPE = 'design:returntype';

/** On a class's member: the types of its parameters. */
export const PARAMETER_TYPES = 'design:paramtypes';

/** The kinds of route parameters by which a key cannot be made. Others are data of the request. */
export const LIVE_PARAMETERS: Readonly<Record<number, string>> = {
  0: '@Req()',
  1: '@Res()',
  2: '@Next()',
  7: '@Session()',
  8: '@UploadedFile()',
  9: '@UploadedFiles()',
};

/** On a controller's class and a handler's name: whether its `@Res()` is one of `{ passthrough: true }`. */
export const RESPONSE_PASSTHROUGH = '__responsePassthrough__';

/** Of these, those by which a handler answers its request itself. */
export const ANSWERING_PARAMETERS: readonly number[] = [1, 2];

/** The kinds of a resolver's parameters by which a key cannot be made: the query as a whole, and all that a request shares. */
export const INFO_PARAMETER = 2;
export const CONTEXT_PARAMETER = 1;

/** `@Query()`, `@Param()` and `@HostParam()`. */
export const URL_PARAMETERS: readonly number[] = [4, 5, 10];

/** `@Headers()`: all of them, unless it names one. */
export const HEADERS_PARAMETER = 6;

/** What `mixin()` names a class: 21 hexadecimal digits, other ones at every start. */
export const MIXIN_NAME = /^[0-9a-f]{21}$/;
