import { Injectable } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { Cached, CacheService, CacheTags, InvalidateTags } from '../../lib/index.js';
import { start } from '../support/applications.js';

@Injectable()
class Users {
  finds = 0;
  updates = 0;

  @Cached()
  @CacheTags('users')
  find(id: string): Promise<string> {
    return Promise.resolve(`${id} ${++this.finds}`);
  }

  @InvalidateTags('users')
  update(): Promise<number> {
    return Promise.resolve(++this.updates);
  }
}

describe('An override', () => {
  it('without a decorator runs at every call, and what it reaches by super is cached', async () => {
    @Injectable()
    class Admins extends Users {
      overrides = 0;

      override async find(id: string): Promise<string> {
        return `${++this.overrides}: ${await super.find(id)}`;
      }
    }
    const { app } = await start({ providers: [Admins] });
    const admins = app.get(Admins);
    expect([await admins.find('a'), await admins.find('a')]).toEqual(['1: a 1', '2: a 1']);
  });

  it('with @Cached is cached as a whole: what it reaches by super runs within its load', async () => {
    @Injectable()
    class Admins extends Users {
      @Cached()
      override async find(id: string): Promise<string> {
        return `admin ${await super.find(id)}`;
      }
    }
    const { app } = await start({ providers: [Admins] });
    const admins = app.get(Admins);
    expect([await admins.find('a'), await admins.find('a')]).toEqual(['admin a 1', 'admin a 1']);
    expect(app.get(CacheService).stats()).toMatchObject({ loads: 1, misses: 1, entries: 1 });
  });

  it('with @Cached takes no tags over from the method it overrides', async () => {
    @Injectable()
    class Admins extends Users {
      @Cached()
      override find(id: string): Promise<string> {
        return super.find(id);
      }
    }
    const { app } = await start({ providers: [Admins] });
    const admins = app.get(Admins);
    await admins.find('a');
    await admins.update();
    expect(await admins.find('a')).toBe('a 1');
  });

  it('does not disturb the method of an instance of the base beside it', async () => {
    @Injectable()
    class Admins extends Users {
      @Cached()
      override async find(id: string): Promise<string> {
        return `admin ${await super.find(id)}`;
      }
    }
    const { app } = await start({ providers: [Users, Admins] });
    expect(await app.get(Admins).find('a')).toBe('admin a 1');
    expect(await app.get(Users).find('a')).toBe('a 1');
    expect(await app.get(Users).find('a')).toBe('a 1');
  });

  it('of a method with @InvalidateTags invalidates by super', async () => {
    @Injectable()
    class Admins extends Users {
      override update(): Promise<number> {
        return super.update();
      }
    }
    const { app } = await start({ providers: [Admins] });
    const admins = app.get(Admins);
    await admins.find('a');
    await admins.update();
    expect(await admins.find('a')).toBe('a 2');
  });

  it('three levels deep is cached at the level nearest to the instance', async () => {
    @Injectable()
    class Admins extends Users {
      @Cached()
      override async find(id: string): Promise<string> {
        return `admin ${await super.find(id)}`;
      }
    }
    @Injectable()
    class Owners extends Admins {}
    const { app } = await start({ providers: [Owners] });
    await app.get(Owners).find('a');
    await app.get(Owners).find('a');
    expect(app.get(Owners).finds).toBe(1);
    expect(app.get(CacheService).keyOf(Owners, 'find', ['a'])).toBe("Owners.find('a)");
  });

  it('may cache what the method it overrides does not', async () => {
    @Injectable()
    class Slow {
      loads = 0;

      find(): Promise<number> {
        return Promise.resolve(++this.loads);
      }
    }
    @Injectable()
    class Fast extends Slow {
      @Cached()
      override find(): Promise<number> {
        return super.find();
      }
    }
    const { app } = await start({ providers: [Slow, Fast] });
    expect([await app.get(Fast).find(), await app.get(Fast).find()]).toEqual([1, 1]);
    expect([await app.get(Slow).find(), await app.get(Slow).find()]).toEqual([1, 2]);
  });
});
