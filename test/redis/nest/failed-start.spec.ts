import { Injectable } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Cached } from '../../../lib/index.js';
import { startPlain } from '../../support/applications.js';
import { RedisServer } from '../../support/redis/server.js';
import { cacheOn, connectionsTo } from './world.js';

/** More looks than connections take to be made, or to be ended. */
const LOOKS = 100;

let server: RedisServer;

beforeEach(async () => {
  server = await RedisServer.start();
});

afterEach(() => server.stop());

describe('A start that fails for a mistake in a decorator', () => {
  it('leaves no connection behind, which would keep the process', async () => {
    @Injectable()
    class Wrong {
      @Cached({ cache: 'nowhere' })
      find(): Promise<number> {
        return Promise.resolve(1);
      }
    }
    const failed = startPlain({ imports: [cacheOn(server)], providers: [Wrong] });
    await expect(failed).rejects.toThrow(/nowhere/);
    let left: readonly string[] = [];
    for (let look = 0; look < LOOKS; look++) left = await connectionsTo(server);
    expect(left).toEqual([]);
  });
});
