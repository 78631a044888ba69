import { ExternalContextCreator } from '@nestjs/core';
import { Parent, ResolveReference, Resolver } from '@nestjs/graphql';
import { describe, expect, it } from '@jest/globals';
import { Cached } from '../../lib/index.js';
import { ROUTE_ARGUMENTS } from '../../lib/nest/nest-metadata.js';
import { start } from '../support/applications.js';

interface Reference {
  readonly id: string;
}

@Resolver('User')
class Users {
  calls = 0;

  @ResolveReference()
  @Cached()
  declared(@Parent() _reference: Reference): Promise<number> {
    return Promise.resolve(++this.calls);
  }

  @ResolveReference()
  @Cached({ key: ({ id }: Reference) => id })
  raw(_reference: Reference): Promise<number> {
    return Promise.resolve(++this.calls);
  }
}

type Resolve = (reference: Reference, context: object, info: object) => Promise<number>;

/** A resolver as a federated schema calls it: with three arguments, not four, the context being the second. */
async function resolverOf(method: 'declared' | 'raw'): Promise<Resolve> {
  const { app } = await start({ providers: [Users] });
  const users = app.get(Users);
  return app
    .get(ExternalContextCreator, { strict: false })
    .create(
      users,
      users[method] as () => Promise<number>,
      method,
      ROUTE_ARGUMENTS,
      { exchangeKeyForValue: (_type: number, _data: unknown, [reference]: unknown[]) => reference },
      undefined,
      undefined,
      undefined,
      'graphql',
    ) as Resolve;
}

const WITH_CREDENTIALS = { req: { headers: { authorization: 'Bearer a' } } };
const WITHOUT = { req: { headers: {} } };

describe.each(['declared', 'raw'] as const)('A cached resolver of references whose arguments are %s', (method) => {
  it('is cached for requests without credentials', async () => {
    const resolve = await resolverOf(method);
    expect(await resolve({ id: '1' }, WITHOUT, {})).toBe(1);
    expect(await resolve({ id: '1' }, WITHOUT, {})).toBe(1);
  });

  it('is not served to a request with credentials', async () => {
    const resolve = await resolverOf(method);
    expect(await resolve({ id: '1' }, WITHOUT, {})).toBe(1);
    expect(await resolve({ id: '1' }, WITH_CREDENTIALS, {})).toBe(2);
  });

  it('stores nothing of a request with credentials', async () => {
    const resolve = await resolverOf(method);
    expect(await resolve({ id: '1' }, WITH_CREDENTIALS, {})).toBe(1);
    expect(await resolve({ id: '1' }, WITHOUT, {})).toBe(2);
  });
});
