import type { Type } from '@nestjs/common';
import { Args, Context, Info, Int, Mutation, Query, Resolver, Subscription } from '@nestjs/graphql';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Cached, InvalidateTags, LayerCacheConfigError } from '../../lib/index.js';
import { GraphQLApp } from '../support/graphql-app.js';

let app: GraphQLApp | undefined;
afterEach(async () => {
  await app?.close();
  app = undefined;
});

async function mistakeOf(resolver: Type): Promise<unknown> {
  try {
    app = await GraphQLApp.start(resolver);
  } catch (error) {
    return error;
  }
  throw new Error('the application started');
}

@Resolver()
class Base {
  @Query(() => Int)
  one(): number {
    return 1;
  }
}

describe('The start of a GraphQL application stops', () => {
  it('where a mutation is cached that does not say that it only reads', async () => {
    @Resolver()
    class PayResolver extends Base {
      @Mutation(() => Int)
      @Cached()
      pay(): Promise<number> {
        return Promise.resolve(1);
      }
    }
    const mistake = await mistakeOf(PayResolver);
    expect(mistake).toBeInstanceOf(LayerCacheConfigError);
    expect((mistake as Error).message).toMatch(/PayResolver\.pay.*mutation.*shared: true/);
  });

  it.each([{}, { shared: true }, { shared: true, key: () => 'a' }])(
    'where a subscription is cached, with %j',
    async (options) => {
      @Resolver()
      class TicksResolver extends Base {
        @Subscription(() => Int)
        @Cached(options)
        ticks(): Promise<AsyncIterable<unknown>> {
          return Promise.reject(new Error('never asked'));
        }
      }
      const mistake = await mistakeOf(TicksResolver);
      expect(mistake).toBeInstanceOf(LayerCacheConfigError);
      expect((mistake as Error).message).toMatch(/TicksResolver\.ticks.*subscription.*Remove @Cached/);
    },
  );

  it('where the mutation is one that a resolver inherits', async () => {
    class Payments extends Base {
      @Mutation(() => Int)
      @Cached()
      pay(): Promise<number> {
        return Promise.resolve(1);
      }
    }
    @Resolver()
    class CardResolver extends Payments {}
    expect(String(await mistakeOf(CardResolver))).toMatch(/CardResolver\.pay.*mutation/);
  });

  it('where a mutation is cached and invalidates as well', async () => {
    @Resolver()
    class BothResolver extends Base {
      @Mutation(() => Int)
      @Cached({ shared: true })
      @InvalidateTags('a')
      pay(): Promise<number> {
        return Promise.resolve(1);
      }
    }
    expect(String(await mistakeOf(BothResolver))).toMatch(/BothResolver\.pay.*@InvalidateTags/);
  });
});

describe('A cached resolver without a key', () => {
  let calls = 0;
  const count = (): Promise<number> => Promise.resolve(++calls);

  @Resolver()
  class ContextResolver {
    @Query(() => Int)
    @Cached()
    one(@Args('id', { type: () => Int }) _id: number, @Context() _context: object): Promise<number> {
      return count();
    }
  }

  @Resolver()
  class RequestResolver {
    @Query(() => Int)
    @Cached()
    one(@Args('id', { type: () => Int }) _id: number, @Context('req') _request: object): Promise<number> {
      return count();
    }
  }

  @Resolver()
  class InfoResolver {
    @Query(() => Int)
    @Cached()
    one(@Args('id', { type: () => Int }) _id: number, @Info() _info: object): Promise<number> {
      return count();
    }
  }

  @Resolver()
  class RawResolver {
    @Query(() => Int)
    @Cached()
    one(_root: unknown, _args: object, _context: object, _info: object): Promise<number> {
      return count();
    }
  }

  /** At the start, or at the first query. */
  async function refusalOf(resolver: Type, query: string): Promise<string> {
    try {
      app = await GraphQLApp.start(resolver);
    } catch (error) {
      return String(error);
    }
    const { errors = [] } = await app.ask(query);
    return errors.map(({ message }) => message).join();
  }

  it.each([
    ['@Context()', ContextResolver, '{ one(id: 1) }', /@Context\(\)|argument 2/],
    ['a request from the context', RequestResolver, '{ one(id: 1) }', /@Context\('req'\)|argument 2/],
    ['@Info()', InfoResolver, '{ one(id: 1) }', /@Info\(\)/],
    ['the context among raw arguments', RawResolver, '{ one }', /raw|argument 3/],
  ])('is refused with %s, by an error that names it and the cure', async (_what, resolver, query, culprit) => {
    calls = 0;
    const refusal = await refusalOf(resolver, query);
    expect(refusal).toContain(`${resolver.name}.one`);
    expect(refusal).toMatch(culprit);
    expect(refusal).toMatch(/\bkey\b/);
    expect(calls).toBe(0);
  });
});
