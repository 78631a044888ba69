import { Injectable } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Cached, LayerCacheModule } from '../../lib/index.js';

@Injectable()
class Slow {
  @Cached()
  find(): Promise<number> {
    return new Promise((resolve) => {
      setTimeout(() => resolve(1), 100);
    });
  }
}

afterEach(() => {
  jest.useRealTimers();
});

describe('Under the fake timers of a test', () => {
  it('running all of them comes to an end while something loads', async () => {
    const app = await Test.createTestingModule({
      imports: [LayerCacheModule.forRoot()],
      providers: [Slow],
    }).compile();
    await app.init();
    jest.useFakeTimers();
    // All timers in one go are 30 s in which no promise settles: the load may be given up.
    const found = app.get(Slow).find().catch(String);
    expect(() => jest.runAllTimers()).not.toThrow();
    expect(await found).toBeDefined();
    await app.close();
  });
});
