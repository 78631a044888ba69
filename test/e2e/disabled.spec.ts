import { Injectable } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { Cached } from '../../lib/index.js';
import { start } from '../support/applications.js';

describe('In a cache that is switched off', () => {
  it('a call runs though no key can be made of its arguments', async () => {
    @Injectable()
    class Users {
      @Cached()
      each(visit: () => number): Promise<number> {
        return Promise.resolve(visit());
      }
    }
    const { app } = await start({ providers: [Users] }, { enabled: false });
    expect(await app.get(Users).each(() => 7)).toBe(7);
  });

  it('no function of a decorator is asked, nor reported', async () => {
    const fail = (): never => {
      throw new Error('not to be asked');
    };
    @Injectable()
    class Users {
      @Cached({ key: fail, when: fail })
      find(): Promise<number> {
        return Promise.resolve(7);
      }
    }
    const { app, logger } = await start({ providers: [Users] }, { enabled: false });
    expect(await app.get(Users).find()).toBe(7);
    expect(logger.of('error')).toEqual([]);
  });
});
