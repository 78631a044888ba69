import { Injectable } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { Cached, CacheService, CacheTags, InvalidateTags } from '../../lib/index.js';
import { start } from '../support/applications.js';

@Injectable()
class Users {
  loads = 0;

  @Cached()
  @CacheTags('users')
  find(id: string): Promise<string> {
    return Promise.resolve(`${id} by load ${++this.loads}`);
  }

  @InvalidateTags('users')
  update(): Promise<void> {
    return Promise.resolve();
  }
}

describe('Two applications of one process', () => {
  it('share no values, though they have the same decorated class', async () => {
    const [one, other] = [await start({ providers: [Users] }), await start({ providers: [Users] })];
    await one.app.get(Users).find('1');
    await other.app.get(Users).find('1');
    expect([one.app.get(Users).loads, other.app.get(Users).loads]).toEqual([1, 1]);
    expect(
      await other.app.get(CacheService).get(one.app.get(CacheService).keyOf(Users, 'find', ['2'])),
    ).toBeUndefined();
  });

  it('share no invalidations', async () => {
    const [one, other] = [await start({ providers: [Users] }), await start({ providers: [Users] })];
    await one.app.get(Users).find('1');
    await other.app.get(Users).find('1');
    await one.app.get(Users).update();
    await one.app.get(Users).find('1');
    await other.app.get(Users).find('1');
    expect([one.app.get(Users).loads, other.app.get(Users).loads]).toEqual([2, 1]);
  });

  it('keep their own options', async () => {
    const short = await start({ providers: [Users] }, { ttl: '1s' });
    const long = await start({ providers: [Users] }, { ttl: '1h' });
    for (const { app, clock } of [short, long]) {
      await app.get(Users).find('1');
      await clock.advance(1_000);
      await app.get(Users).find('1');
    }
    expect([short.app.get(Users).loads, long.app.get(Users).loads]).toEqual([2, 1]);
  });

  it('do not miss each other when one is closed', async () => {
    const [one, other] = [await start({ providers: [Users] }), await start({ providers: [Users] })];
    const users = other.app.get(Users);
    await users.find('1');
    await one.app.close();
    await users.find('1');
    expect(users.loads).toBe(1);
    await users.update();
    await users.find('1');
    expect(users.loads).toBe(2);
  });

  it('leave one instance that is given to both uncached, and say so', async () => {
    const shared = new Users();
    const providers = [{ provide: Users, useValue: shared }];
    const [one, other] = [await start({ providers }), await start({ providers })];
    await shared.find('1');
    await shared.find('1');
    expect(shared.loads).toBe(2);
    expect([one, other].map(({ app }) => app.get(CacheService).stats().loads)).toEqual([0, 0]);
    // By each of the two; Nest's logger is that of the later one.
    const told = 'Users.find runs uncached on an instance that is in two running applications.';
    expect([...new Set(other.logger.of('error'))]).toEqual([told]);
  });

  it('one after the other each invalidate what an instance given to both has cached', async () => {
    const shared = new Users();
    const providers = [{ provide: Users, useValue: shared }];
    for (const time of [1, 2]) {
      const { app } = await start({ providers });
      const before = await shared.find('1');
      expect(await shared.find('1')).toBe(before);
      await shared.update();
      expect({ time, found: await shared.find('1') }).not.toEqual({ time, found: before });
      await app.close();
    }
  });
});
