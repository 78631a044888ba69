import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { describe, expect, it } from '@jest/globals';
import { Cached, CacheTags, InvalidateTags } from '../../lib/index.js';
import { start } from '../support/applications.js';

@Injectable()
class Users {
  calls = 0;

  @Cached()
  stream(): Promise<Readable> {
    return Promise.resolve(Readable.from(['a']));
  }

  @Cached()
  @CacheTags('users')
  find(): Promise<number> {
    return Promise.resolve(++this.calls);
  }

  @InvalidateTags.ofResult(() => {
    throw new Error('no tags');
  })
  update(): Promise<string> {
    return Promise.resolve('written');
  }
}

/** With a logger that fails from now on, as one does whose disk is full. */
async function startUsers() {
  const { app, logger } = await start({ providers: [Users] });
  const fail = (): never => {
    throw new Error('the disk is full');
  };
  Object.assign(logger, { log: fail, warn: fail, error: fail });
  return { users: app.get(Users), another: () => app.get(ModuleRef).create(Users) };
}

describe('A logger that throws', () => {
  it('fails no call that the cache would warn of', async () => {
    const { users } = await startUsers();
    expect(await users.stream()).toBeInstanceOf(Readable);
  });

  it('keeps no invalidation back that the cache would report a failure of', async () => {
    const { users } = await startUsers();
    await users.find();
    expect(await users.update()).toBe('written');
    expect(await users.find()).toBe(2);
  });

  it('fails no call of a second instance, of which the cache would say that it runs uncached', async () => {
    const { users, another } = await startUsers();
    await users.find();
    expect(await (await another()).find()).toBe(1);
  });
});
