import { Injectable } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { Cached, CacheTags, InvalidateTags } from '../../lib/index.js';
import { start } from '../support/applications.js';

@Injectable()
class Users {
  calls = 0;

  @Cached()
  @CacheTags('users')
  find(): Promise<number> {
    return Promise.resolve(++this.calls);
  }
}

@Injectable()
class Writers {
  @InvalidateTags('users')
  write(): Promise<void> {
    return Promise.resolve();
  }
}

describe('What an instance caches that one application has lent to another', () => {
  it.each(['the one that lent it', 'the one that has it on loan'])('is invalidated by %s', async (which) => {
    const owner = await start({ providers: [Users, Writers] });
    const users = owner.app.get(Users);
    const borrower = await start({ providers: [{ provide: Users, useValue: users }, Writers] });
    const first = await users.find();
    const writer = which === 'the one that lent it' ? owner : borrower;
    await writer.app.get(Writers).write();
    expect(await users.find()).toBeGreaterThan(first);
  });
});
