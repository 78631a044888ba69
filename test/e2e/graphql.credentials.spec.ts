import { Args, Context, Int, ObjectType, Field, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Cached } from '../../lib/index.js';
import { GraphQLApp } from '../support/graphql-app.js';

interface Asker {
  readonly req: { readonly headers: Readonly<Record<string, string | undefined>> };
}

const Shop = createParamDecorator(
  (_data: unknown, context: ExecutionContext) => context.getArgByIndex<Asker>(2).req.headers['x-shop'],
);

@ObjectType()
class Basket {
  @Field(() => Int)
  id!: number;
}

@Resolver(() => Basket)
class BasketsResolver {
  readonly calls: string[] = [];

  @Query(() => Basket)
  basket(@Args('id', { type: () => Int }) id: number): Promise<Basket> {
    return Promise.resolve({ id });
  }

  @Query(() => Int)
  @Cached()
  price(@Args('id', { type: () => Int }) id: number): Promise<number> {
    return this.#count(`price ${id}`);
  }

  @Query(() => Int)
  @Cached()
  total(): Promise<number> {
    return this.#count('total');
  }

  @Query(() => Int)
  @Cached({ shared: true })
  rate(@Args('of') of: string): Promise<number> {
    return this.#count(`rate ${of}`);
  }

  @Query(() => Int)
  @Cached({ key: (context: Asker) => context.req.headers['x-shop'] ?? 'none' })
  shipping(@Context() context: Asker): Promise<number> {
    return this.#count(`shipping ${context.req.headers['x-shop']}`);
  }

  @Query(() => Int)
  @Cached()
  stock(@Shop() shop: string): Promise<number> {
    return this.#count(`stock ${shop}`);
  }

  @Query(() => Int)
  @Cached({ key: () => 'all' })
  raw(_root: unknown, _args: object, _context: Asker, _info: unknown): Promise<number> {
    return this.#count('raw');
  }

  @Query(() => Int)
  @Cached({ key: () => 'all', shared: true })
  sharedRaw(_root: unknown, _args: object, _context: Asker, _info: unknown): Promise<number> {
    return this.#count('sharedRaw');
  }

  @ResolveField(() => Int)
  @Cached()
  discount(@Parent() basket: Basket): Promise<number> {
    return this.#count(`discount ${basket.id}`);
  }

  @Query(() => Int)
  viaMethod(): Promise<number> {
    return this.price(7);
  }

  #count(call: string): Promise<number> {
    return Promise.resolve(this.calls.push(call));
  }
}

const SIGNED_IN = { cookie: 'session=a' };

describe('Over GraphQL', () => {
  let app: GraphQLApp;
  let calls: readonly string[];

  beforeEach(async () => {
    app = await GraphQLApp.start(BasketsResolver);
    calls = app.resolver(BasketsResolver).calls;
  });

  afterEach(() => app.close());

  it.each([{ authorization: 'Bearer a' }, { cookie: 'session=a' }])(
    'a request with %j is not served what others had, and leaves nothing for others',
    async (credentials) => {
      await app.ask('{ price(id: 1) }', credentials);
      await app.ask('{ price(id: 1) }');
      await app.ask('{ price(id: 1) }', credentials);
      await app.ask('{ price(id: 1) }');
      expect(calls).toEqual(['price 1', 'price 1', 'price 1']);
    },
  );

  describe('a request with credentials', () => {
    it.each(['{ total }', '{ basket(id: 1) { discount } }', '{ stock }'])(
      'goes past the cache in %s',
      async (query) => {
        await app.ask(query);
        await app.ask(query, SIGNED_IN);
        expect(calls).toHaveLength(2);
      },
    );

    it('is served where the call site says that the reply may be shared', async () => {
      await app.ask('{ rate(of: "eur") }');
      expect(await app.ask('{ rate(of: "eur") }', SIGNED_IN)).toEqual({ data: { rate: 1 } });
    });

    it('goes past the cache in a resolver with a key, which does not say that', async () => {
      await app.ask('{ shipping }', { 'x-shop': 'a' });
      await app.ask('{ shipping }', { 'x-shop': 'a', ...SIGNED_IN });
      expect(calls).toEqual(['shipping a', 'shipping a']);
    });

    it('is not served what others had in a resolver that takes its arguments raw and has a key', async () => {
      await app.ask('{ raw }');
      expect(await app.ask('{ raw }', SIGNED_IN)).toEqual({ data: { raw: 2 } });
    });

    it('leaves nothing for others in such a resolver either', async () => {
      await app.ask('{ raw }', SIGNED_IN);
      expect(await app.ask('{ raw }')).toEqual({ data: { raw: 2 } });
    });

    it('is served by one that takes them raw, has a key and may be shared', async () => {
      await app.ask('{ sharedRaw }');
      expect(await app.ask('{ sharedRaw }', SIGNED_IN)).toEqual({ data: { sharedRaw: 1 } });
    });

    it('is served by a method that a resolver calls itself', async () => {
      await app.ask('{ viaMethod }');
      expect(await app.ask('{ viaMethod }', SIGNED_IN)).toEqual({ data: { viaMethod: 1 } });
    });
  });

  it('the first request with credentials at a call site logs the cure, and only the first', async () => {
    await app.ask('{ price(id: 1) }', { cookie: 'a=b' });
    await app.ask('{ price(id: 2) }', { cookie: 'a=b' });
    expect(app.logger.of('warn')).toEqual([
      expect.stringMatching(/^BasketsResolver\.price is not cached for requests with .*@Cached\(\{ shared: true \}\)/),
    ]);
  });

  it('a parameter decorator of the application is part of the key', async () => {
    await app.ask('{ stock }', { 'x-shop': 'a' });
    await app.ask('{ stock }', { 'x-shop': 'b' });
    await app.ask('{ stock }', { 'x-shop': 'a' });
    expect(calls).toEqual(['stock a', 'stock b']);
  });

  it('a resolver with the context as argument is cached by its key', async () => {
    await app.ask('{ shipping }', { 'x-shop': 'a' });
    await app.ask('{ shipping }', { 'x-shop': 'b' });
    await app.ask('{ shipping }', { 'x-shop': 'a' });
    expect(calls).toEqual(['shipping a', 'shipping b']);
  });

  it('a resolver that takes its arguments raw is cached by its key', async () => {
    await app.ask('{ raw }');
    expect(await app.ask('{ raw }')).toEqual({ data: { raw: 1 } });
  });
});

describe('Over GraphQL with a context of its own', () => {
  let app: GraphQLApp;
  afterEach(() => app.close());

  it('a request with a user on it is neither served nor stored', async () => {
    app = await GraphQLApp.start(BasketsResolver, {
      context: (req: object) => ({ req: Object.assign(req, { user: { id: 1 } }) }),
    });
    await app.ask('{ price(id: 1) }');
    expect(await app.ask('{ price(id: 1) }')).toEqual({ data: { price: 2 } });
  });

  it.each([
    ['request', (request: object) => ({ request })],
    ['reply', (_request: object, reply: object) => ({ reply })],
  ])('credentials are also seen in its %s', async (_name, context) => {
    app = await GraphQLApp.start(BasketsResolver, { context });
    await app.ask('{ price(id: 1) }');
    expect(await app.ask('{ price(id: 1) }', { cookie: 'a=b' })).toEqual({ data: { price: 2 } });
  });
});
