import 'reflect-metadata';
import {
  Controller,
  Delete,
  Get,
  Head,
  Headers,
  Inject,
  mixin,
  Next,
  Param,
  Patch,
  Post,
  Put,
  Req,
  RequestMethod,
  Res,
  Session,
  Sse,
  UploadedFile,
  UploadedFiles,
} from '@nestjs/common';
import { Mutation, Query, ResolveField, Resolver, Subscription } from '@nestjs/graphql';
import { NEVER, Observable } from 'rxjs';
import { describe, expect, it } from '@jest/globals';
import {
  FIELD_RESOLVER,
  HEADERS_PARAMETER,
  INJECTED_PROPERTIES,
  LIVE_PARAMETERS,
  MIXIN_NAME,
  PARAMETER_TYPES,
  RESOLVER_TYPE,
  RETURN_TYPE,
  ROUTE_ARGUMENTS,
  ROUTE_METHOD,
  SSE,
} from '../../lib/nest/nest-metadata.js';

const TOKEN = Symbol('token');

@Controller()
class Routes {
  @Inject(TOKEN)
  readonly injected!: unknown;

  @Get()
  get(): void {}

  @Head()
  head(): void {}

  @Post()
  post(): void {}

  @Put()
  put(): void {}

  @Patch()
  patch(): void {}

  @Delete()
  delete(): void {}

  @Sse()
  events(): Observable<never> {
    return NEVER;
  }

  @Get()
  takes(
    @Req() _0: unknown,
    @Res() _1: unknown,
    @Next() _2: unknown,
    @Session() _3: unknown,
    @UploadedFile() _4: unknown,
    @UploadedFiles() _5: unknown,
    @Headers() _6: unknown,
    @Headers('accept') _7: unknown,
    @Param('id') _8: string,
  ): void {}

  bare(): void {}
}

@Resolver()
class Resolvers {
  @Query(() => String)
  query(): string {
    return '';
  }

  @Mutation(() => String)
  mutation(): string {
    return '';
  }

  @Subscription(() => String)
  subscription(): string {
    return '';
  }

  @ResolveField(() => String)
  field(): string {
    return '';
  }
}

const on = (method: keyof Routes, key: string): unknown => Reflect.getMetadata(key, Routes.prototype[method] as object);

/** The parameters of `takes`, by their index: the type that each is written under, and what its decorator was given. */
function parameters(): readonly { type: number; data: unknown }[] {
  const written = Reflect.getMetadata(ROUTE_ARGUMENTS, Routes, 'takes') as Record<
    string,
    { index: number; data: unknown }
  >;
  return Object.entries(written)
    .sort(([, a], [, b]) => a.index - b.index)
    .map(([key, { data }]) => ({ type: Number(key.split(':')[0]), data }));
}

describe('What Nest’s decorators write is what we read:', () => {
  it.each([
    ['get', RequestMethod.GET, 0],
    ['head', RequestMethod.HEAD, 7],
    ['post', RequestMethod.POST, 1],
    ['put', RequestMethod.PUT, 2],
    ['patch', RequestMethod.PATCH, 4],
    ['delete', RequestMethod.DELETE, 3],
  ] as const)('the verb of a route (%s)', (method, verb, number) => {
    expect(on(method, ROUTE_METHOD)).toBe(verb);
    expect(verb).toBe(number);
  });

  it('that a handler sends events, which is also a route', () => {
    expect(on('events', SSE)).toBe(true);
    expect(on('events', ROUTE_METHOD)).toBe(RequestMethod.GET);
    expect(on('get', SSE)).toBeUndefined();
  });

  it('that a method is no route', () => {
    expect(on('bare', ROUTE_METHOD)).toBeUndefined();
  });

  it('the parameters by which no key can be made', () => {
    expect(parameters().map(({ type }) => LIVE_PARAMETERS[type])).toEqual([
      '@Req()',
      '@Res()',
      '@Next()',
      '@Session()',
      '@UploadedFile()',
      '@UploadedFiles()',
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('the headers, all of them or one', () => {
    expect(parameters().slice(6, 8)).toEqual([
      { type: HEADERS_PARAMETER, data: undefined },
      { type: HEADERS_PARAMETER, data: 'accept' },
    ]);
  });

  it('the properties that are injected', () => {
    expect(Reflect.getMetadata(INJECTED_PROPERTIES, Routes)).toEqual([expect.objectContaining({ key: 'injected' })]);
  });

  it('the names that mixin() makes up', () => {
    expect(mixin(class {}).name).toMatch(MIXIN_NAME);
    expect(mixin(class {}).name).not.toBe(mixin(class {}).name);
    expect('Users').not.toMatch(MIXIN_NAME);
  });

  it('the kinds of resolvers', () => {
    const written = (method: keyof Resolvers, key: string): unknown =>
      Reflect.getMetadata(key, Resolvers.prototype[method] as object);
    const kinds = (['query', 'mutation', 'subscription'] as const).map((method) => written(method, RESOLVER_TYPE));
    expect(kinds).toEqual(['Query', 'Mutation', 'Subscription']);
    expect(written('field', FIELD_RESOLVER)).toBe(true);
  });
});

describe('What the compiler writes is what we read:', () => {
  it('the type that a member is declared to return', () => {
    expect(Reflect.getMetadata(RETURN_TYPE, Routes.prototype, 'events')).toBe(Observable);
  });

  it('the types of its parameters', () => {
    expect(Reflect.getMetadata(PARAMETER_TYPES, Routes.prototype, 'takes')).toHaveLength(9);
    expect(Reflect.getMetadata(PARAMETER_TYPES, Routes.prototype, 'get')).toEqual([]);
  });
});
