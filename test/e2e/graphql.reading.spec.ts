import { NotFoundException } from '@nestjs/common';
import {
  Args,
  ArgsType,
  Field,
  Int,
  Mutation,
  ObjectType,
  Parent,
  Query,
  ResolveField,
  Resolver,
} from '@nestjs/graphql';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Cached, CacheTags, InvalidateTags } from '../../lib/index.js';
import { GraphQLApp } from '../support/graphql-app.js';

@ObjectType()
class Author {
  @Field(() => Int)
  id!: number;

  @Field(() => Date)
  born!: Date;
}

@ArgsType()
class Page {
  @Field(() => Int, { nullable: true })
  skip?: number;

  @Field(() => Int, { nullable: true })
  take?: number;
}

@Resolver(() => Author)
class AuthorsResolver {
  readonly calls: string[] = [];

  @Query(() => Author)
  @Cached({ ttl: '5m' })
  @CacheTags('authors', (id: number) => `author:${id}`)
  author(@Args('id', { type: () => Int }) id: number): Promise<Author> {
    this.calls.push(`author ${id}`);
    if (id === 404) return Promise.reject(new NotFoundException('no such author'));
    return Promise.resolve({ id, born: new Date(id) });
  }

  @Cached()
  @Query(() => [Author])
  authors(@Args() page: Page): Promise<Author[]> {
    this.calls.push(`authors ${page.skip} ${page.take}`);
    return Promise.resolve([{ id: page.skip ?? 0, born: new Date(0) }]);
  }

  @Query(() => Int)
  @Cached()
  count(): Promise<number> {
    this.calls.push('count');
    return Promise.resolve(this.calls.length);
  }

  @ResolveField(() => String)
  @Cached()
  name(@Parent() author: Author): Promise<string> {
    this.calls.push(`name ${author.id}`);
    return Promise.resolve(`author number ${author.id}`);
  }

  @ResolveField(() => String)
  @Cached()
  initials(@Parent() author: Author, @Args('separator', { defaultValue: '.' }) separator: string): Promise<string> {
    this.calls.push(`initials ${author.id} ${separator}`);
    return Promise.resolve(`A${separator}${author.id}`);
  }

  @Mutation(() => Boolean)
  @InvalidateTags((id: number) => `author:${id}`)
  rename(@Args('id', { type: () => Int }) id: number): Promise<boolean> {
    this.calls.push(`rename ${id}`);
    return id < 0 ? Promise.reject(new Error('no such author')) : Promise.resolve(true);
  }

  @Mutation(() => Int)
  @InvalidateTags.ofResult((id: number) => `author:${id}`)
  adopt(): Promise<number> {
    return Promise.resolve(1);
  }

  @Mutation(() => Int)
  @Cached({ shared: true })
  estimate(@Args('id', { type: () => Int }) id: number): Promise<number> {
    this.calls.push(`estimate ${id}`);
    return Promise.resolve(id * 2);
  }
}

describe('Over GraphQL', () => {
  let app: GraphQLApp;
  let calls: readonly string[];

  beforeEach(async () => {
    app = await GraphQLApp.start(AuthorsResolver);
    calls = app.resolver(AuthorsResolver).calls;
  });

  afterEach(() => app.close());

  describe('a cached query', () => {
    it('runs once for the same arguments, and answers the same, dates too', async () => {
      const first = await app.ask('{ author(id: 1) { id born } }');
      expect(first).toEqual({ data: { author: { id: 1, born: '1970-01-01T00:00:00.001Z' } } });
      expect(await app.ask('{ author(id: 1) { id born } }')).toEqual(first);
      expect(calls).toEqual(['author 1']);
    });

    it('runs again for other arguments', async () => {
      await app.ask('{ author(id: 1) { id } }');
      expect(await app.ask('{ author(id: 2) { id } }')).toEqual({ data: { author: { id: 2 } } });
      expect(calls).toEqual(['author 1', 'author 2']);
    });

    it('serves whichever fields are asked for from one value', async () => {
      await app.ask('{ author(id: 1) { id } }');
      await app.ask('{ a: author(id: 1) { born } b: author(id: 1) { id born } }');
      expect(calls).toEqual(['author 1']);
    });

    it('runs again when its ttl is over', async () => {
      await app.ask('{ author(id: 1) { id } }');
      await app.clock.advance(300_000);
      await app.ask('{ author(id: 1) { id } }');
      expect(calls).toEqual(['author 1', 'author 1']);
    });

    it('is keyed by the values of a class of arguments', async () => {
      await app.ask('{ authors(skip: 1, take: 2) { id } }');
      await app.ask('{ authors(take: 2, skip: 1) { id } }');
      await app.ask('{ authors(skip: 1) { id } }');
      expect(calls).toEqual(['authors 1 2', 'authors 1 undefined']);
    });

    it('works without any argument given', async () => {
      expect(await app.ask('{ authors { id } }')).toEqual({ data: { authors: [{ id: 0 }] } });
      expect(await app.ask('{ authors { id } }')).toEqual({ data: { authors: [{ id: 0 }] } });
      expect(calls).toEqual(['authors undefined undefined']);
    });

    it('works without any parameter', async () => {
      expect(await app.ask('{ count }')).toEqual({ data: { count: 1 } });
      expect(await app.ask('{ count }')).toEqual({ data: { count: 1 } });
    });

    it('remembers that something is not there', async () => {
      const first = await app.ask('{ author(id: 404) { id } }');
      expect(first.errors?.map(({ message }) => message)).toEqual(['no such author']);
      expect(await app.ask('{ author(id: 404) { id } }')).toEqual(first);
      expect(calls).toEqual(['author 404']);
      await app.clock.advance(5_000);
      await app.ask('{ author(id: 404) { id } }');
      expect(calls).toEqual(['author 404', 'author 404']);
    });
  });

  describe('a cached field', () => {
    it('is keyed by its parent', async () => {
      const asked = '{ a: author(id: 1) { name } b: author(id: 2) { name } c: author(id: 1) { name } }';
      expect(await app.ask(asked)).toEqual({
        data: { a: { name: 'author number 1' }, b: { name: 'author number 2' }, c: { name: 'author number 1' } },
      });
      expect([...calls].sort()).toEqual(['author 1', 'author 2', 'name 1', 'name 2']);
    });

    it('is keyed by its arguments as well', async () => {
      const asked = '{ author(id: 1) { a: initials b: initials(separator: "-") c: initials(separator: ".") } }';
      expect(await app.ask(asked)).toEqual({ data: { author: { a: 'A.1', b: 'A-1', c: 'A.1' } } });
      expect([...calls].sort()).toEqual(['author 1', 'initials 1 -', 'initials 1 .']);
    });
  });

  describe('a mutation', () => {
    it('ends what its tags name, and nothing else', async () => {
      await app.ask('{ a: author(id: 1) { id } b: author(id: 2) { id } }');
      expect(await app.ask('mutation { rename(id: 1) }')).toEqual({ data: { rename: true } });
      await app.ask('{ a: author(id: 1) { id } b: author(id: 2) { id } }');
      expect(calls.filter((call) => call.startsWith('author'))).toEqual(['author 1', 'author 2', 'author 1']);
    });

    it('ends what the tags of its result name', async () => {
      await app.ask('{ author(id: 1) { id } }');
      expect(await app.ask('mutation { adopt }')).toEqual({ data: { adopt: 1 } });
      await app.ask('{ author(id: 1) { id } }');
      expect(calls).toEqual(['author 1', 'author 1']);
    });

    it('is cached where it says that it only reads', async () => {
      await app.ask('mutation { estimate(id: 4) }');
      expect(await app.ask('mutation { estimate(id: 4) }')).toEqual({ data: { estimate: 8 } });
      expect(calls).toEqual(['estimate 4']);
    });
  });
});
