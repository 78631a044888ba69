import { Injectable } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { Cached } from '../../lib/index.js';
import { start } from '../support/applications.js';
import { settle } from '../support/source.js';

/** As one that the compiler did not check: it should have been one that is not async. */
const rejecting = (() => Promise.reject(new Error('async'))) as never;

describe('A function that is async and rejects does not leave its rejection to the process', () => {
  it('as isNegativeError', async () => {
    const failure = new Error('down');
    @Injectable()
    class Users {
      @Cached({ isNegativeError: rejecting })
      find(): Promise<number> {
        return Promise.reject(failure);
      }
    }
    const { app } = await start({ providers: [Users] });
    await expect(app.get(Users).find()).rejects.toBe(failure);
    await settle();
  });

  it('as keyContext', async () => {
    @Injectable()
    class Users {
      @Cached()
      find(): Promise<number> {
        return Promise.resolve(1);
      }
    }
    const { app } = await start({ providers: [Users] }, { keyContext: rejecting });
    expect(await app.get(Users).find()).toBe(1);
    await settle();
  });
});
