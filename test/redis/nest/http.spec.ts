import { ClassSerializerInterceptor, Controller, Get, Param, Post, UseInterceptors } from '@nestjs/common';
import { Exclude } from 'class-transformer';
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { Cached, CacheTags, InvalidateTags } from '../../../lib/index.js';
import { onBothPlatforms, type RunningApp, type Start } from '../../support/http-platforms.js';
import { RedisServer } from '../../support/redis/server.js';
import { cacheOn, until } from './world.js';

let server: RedisServer;

beforeAll(async () => {
  server = await RedisServer.start();
});

afterEach(() => server.command('FLUSHALL'));
afterAll(() => server.stop());

class User {
  readonly name: string;

  @Exclude()
  readonly password: string;

  constructor(name: string, password: string) {
    this.name = name;
    this.password = password;
  }
}

const ada = (): User => new User('Ada', 'secret');

@Controller()
@UseInterceptors(ClassSerializerInterceptor)
class UsersController {
  calls = 0;

  #answer<T>(value: T): Promise<T> {
    this.calls++;
    return Promise.resolve(value);
  }

  @Get('plain/:id')
  @Cached({ ttl: '10s' })
  @CacheTags('plain')
  plain(@Param('id') id: string) {
    return this.#answer(`call for ${id}`);
  }

  @Post('plain')
  @InvalidateTags('plain')
  change() {
    return Promise.resolve('changed');
  }

  @Get('one')
  @Cached({ type: User })
  one() {
    return this.#answer(ada());
  }

  @Get('many')
  @Cached({ type: User })
  many() {
    return this.#answer([ada(), new User('Bob', 'secret')]);
  }

  @Get('untyped')
  @Cached()
  untyped() {
    return this.#answer(ada());
  }

  @Get('deep')
  @Cached({ type: User })
  deep() {
    return this.#answer({ user: ada() });
  }

  @Get('none')
  @Cached({ type: User, negativeTtl: '1m' })
  none(): Promise<User | null> {
    return this.#answer(null);
  }
}

/** Two processes of one service. */
async function startTwo(start: Start): Promise<readonly [RunningApp, RunningApp]> {
  const startOne = (): Promise<RunningApp> =>
    start({ cache: false, imports: [cacheOn(server)], controllers: [UsersController] });
  return [await startOne(), await startOne()];
}

const callsOf = (app: RunningApp): number => app.get(UsersController).calls;

/** What lies in Redis. */
async function entries(): Promise<readonly string[]> {
  const keys = (await server.command('KEYS', '*:e:*')) as string[];
  return Promise.all(keys.map(async (key) => String(await server.command('GET', key))));
}

onBothPlatforms('a reply from Redis', (start) => {
  it('says that it is a hit, and how old it is', async () => {
    const [one, other] = await startTwo(start);
    expect((await one.ask('/plain/1')).cache).toBe('layercache; fwd=miss; stored');
    await until(server, async () => (await entries()).length === 1);
    const reply = await other.ask('/plain/1');
    expect([reply.status, reply.text, callsOf(other)]).toEqual([200, 'call for 1', 0]);
    expect(reply.cache).toMatch(/^layercache; hit; ttl=(9|10)$/);
    expect(reply.age).toMatch(/^[01]$/);
    expect((await other.ask('/plain/1')).cache).toMatch(/^layercache; hit; ttl=(9|10)$/);
  });

  it('is no hit any more once another process has changed what it tells', async () => {
    const [one, other] = await startTwo(start);
    await one.ask('/plain/1');
    await other.ask('/plain/1');
    expect((await one.ask('/plain', { method: 'POST' })).text).toBe('changed');
    const calls = callsOf(other) + callsOf(one);
    await until(server, async () => {
      await other.ask('/plain/1');
      return callsOf(other) + callsOf(one) > calls;
    });
  });

  it.each([
    ['/one', { name: 'Ada' }],
    ['/many', [{ name: 'Ada' }, { name: 'Bob' }]],
  ])('to %s has no field that its class excludes', async (path, told) => {
    const [one, other] = await startTwo(start);
    expect(JSON.parse((await one.ask(path)).text)).toEqual(told);
    await until(server, async () => (await entries()).length === 1);
    const reply = await other.ask(path);
    expect(reply.cache).toMatch(/^layercache; hit; /);
    expect(callsOf(other)).toBe(0);
    expect(JSON.parse(reply.text)).toEqual(told);
    expect(JSON.parse((await other.ask(path)).text)).toEqual(told);
  });

  it.each([
    ['/untyped', { name: 'Ada' }],
    ['/deep', { user: { name: 'Ada' } }],
  ])('to %s there is none, as its class could not be known again', async (path, told) => {
    const [one, other] = await startTwo(start);
    for (const app of [one, one, other, other]) expect(JSON.parse((await app.ask(path)).text)).toEqual(told);
    expect([callsOf(one), callsOf(other)]).toEqual([1, 1]);
    expect(await entries()).toEqual([]);
    // By each of the two; Nest's logger is that of the later one.
    expect(other.log.warnings).toEqual(Array(2).fill(expect.stringContaining('`type`')));
  });

  it('may be of nothing at all', async () => {
    const [one, other] = await startTwo(start);
    const first = await one.ask('/none');
    await until(server, async () => (await entries()).length === 1);
    const reply = await other.ask('/none');
    expect([reply.status, reply.text, callsOf(other)]).toEqual([first.status, first.text, 0]);
  });
});
