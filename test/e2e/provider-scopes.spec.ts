import { Inject, Injectable, Module, Scope } from '@nestjs/common';
import { ContextIdFactory, REQUEST } from '@nestjs/core';
import { describe, expect, it } from '@jest/globals';
import { Cached, CacheService, CacheTags, InvalidateTags } from '../../lib/index.js';
import { mistakeOf, start } from '../support/applications.js';

let loads = 0;
const load = (): Promise<number> => Promise.resolve(++loads);

@Injectable({ scope: Scope.REQUEST })
class PerRequest {
  @Cached({ shared: true })
  @CacheTags('users')
  find(_id: string): Promise<number> {
    return load();
  }

  @InvalidateTags('users')
  update(): Promise<void> {
    return Promise.resolve();
  }
}

describe('On a request-scoped provider,', () => {
  it('what is shared is shared by the instances of all requests', async () => {
    const { app } = await start({ providers: [PerRequest] });
    const [one, other] = [await app.resolve(PerRequest), await app.resolve(PerRequest)];
    expect(one).not.toBe(other);
    expect(await one.find('1')).toBe(await other.find('1'));
    expect(app.get(CacheService).stats().loads).toBe(1);
  });

  it('@InvalidateTags works', async () => {
    const { app } = await start({ providers: [PerRequest] });
    const one = await app.resolve(PerRequest);
    const before = await one.find('1');
    await (await app.resolve(PerRequest)).update();
    expect(await one.find('1')).toBe(before + 1);
  });

  it('a key is computed with what this request knows', async () => {
    @Injectable({ scope: Scope.REQUEST })
    class Orders {
      readonly request: { tenant: string };

      constructor(@Inject(REQUEST) request: { tenant: string }) {
        this.request = request;
      }

      @Cached({
        key(this: Orders, id: string) {
          return [this.request.tenant, id];
        },
      })
      find(id: string): Promise<string> {
        return Promise.resolve(`${id} of ${this.request.tenant}`);
      }
    }
    const { app } = await start({ providers: [Orders] });
    const of = (tenant: string): Promise<Orders> => {
      const contextId = ContextIdFactory.create();
      app.registerRequestByContextId({ tenant }, contextId);
      return app.resolve(Orders, contextId);
    };
    expect(await (await of('a')).find('1')).toBe('1 of a');
    expect(await (await of('b')).find('1')).toBe('1 of b');
    expect(await (await of('a')).find('1')).toBe('1 of a');
    expect(app.get(CacheService).stats().loads).toBe(2);
  });

  it('keyContext tells the instances apart', async () => {
    let tenant = 'a';
    @Injectable({ scope: Scope.REQUEST })
    class Orders {
      @Cached()
      find(id: string): Promise<string> {
        return Promise.resolve(`${id} of ${tenant}`);
      }
    }
    const { app } = await start({ providers: [Orders] }, { keyContext: () => tenant });
    expect(await (await app.resolve(Orders)).find('1')).toBe('1 of a');
    tenant = 'b';
    expect(await (await app.resolve(Orders)).find('1')).toBe('1 of b');
    expect(await (await app.resolve(Orders)).find('1')).toBe('1 of b');
    expect(app.get(CacheService).stats().loads).toBe(2);
  });

  it('nothing beside these three lets the application start', async () => {
    @Injectable({ scope: Scope.REQUEST })
    class Orders {
      @Cached({ name: 'orders' })
      find(): Promise<number> {
        return load();
      }
    }
    const text =
      'Orders.find: it is made anew per request, or injects something that is, so that its arguments may not be all that decides. ' +
      'Write a key or keyContext with what else does, or shared: true if nothing else does.';
    expect(await mistakeOf({ providers: [Orders] })).toMatchObject({ option: 'key', message: text });
  });
});

describe('What is made anew per request also counts so', () => {
  @Injectable()
  class Uses {
    readonly scoped: PerRequest;

    constructor(@Inject(PerRequest) scoped: PerRequest) {
      this.scoped = scoped;
    }

    @Cached()
    find(): Promise<number> {
      return load();
    }
  }

  it('by what it injects', async () => {
    expect(await mistakeOf({ providers: [PerRequest, Uses] })).toMatchObject({
      message: expect.stringMatching(/^Uses\.find: it is made anew per request, or injects something that is/),
    });
  });

  it('by what it injects from another module', async () => {
    @Module({ providers: [PerRequest], exports: [PerRequest] })
    class ScopedModule {}
    expect(await mistakeOf({ imports: [ScopedModule], providers: [Uses] })).toMatchObject({ option: 'key' });
  });

  it('by a durable scope', async () => {
    @Injectable({ scope: Scope.REQUEST, durable: true })
    class Durable {
      @Cached()
      find(): Promise<number> {
        return load();
      }
    }
    expect(await mistakeOf({ providers: [Durable] })).toMatchObject({ option: 'key' });
  });

  it('by a request-scoped subclass of a class that is none', async () => {
    @Injectable()
    class Users {
      @Cached()
      find(): Promise<number> {
        return load();
      }
    }
    @Injectable({ scope: Scope.REQUEST })
    class Mine extends Users {}
    expect(await mistakeOf({ providers: [Users, Mine] })).toMatchObject({
      message: expect.stringMatching(/^Mine\.find: /),
    });
  });
});

describe('On a durable provider', () => {
  it('what is shared is shared by the instances of all its sub-trees', async () => {
    @Injectable({ scope: Scope.REQUEST, durable: true })
    class Durable {
      @Cached({ shared: true })
      find(): Promise<number> {
        return load();
      }
    }
    const { app } = await start({ providers: [Durable] });
    expect(await (await app.resolve(Durable)).find()).toBe(await (await app.resolve(Durable)).find());
  });
});

describe('A transient provider', () => {
  @Injectable({ scope: Scope.TRANSIENT })
  class Transient {
    @Cached()
    find(): Promise<number> {
      return load();
    }
  }

  @Injectable({ scope: Scope.TRANSIENT })
  class SharedTransient {
    @Cached({ shared: true })
    find(): Promise<number> {
      return load();
    }
  }

  const inquirer = (type: typeof Transient | typeof SharedTransient) => {
    @Injectable()
    class Inquirer {
      readonly transient: Transient;

      constructor(@Inject(type) transient: Transient) {
        this.transient = transient;
      }
    }
    return Inquirer;
  };

  it('of one inquirer is cached', async () => {
    const Only = inquirer(Transient);
    const { app } = await start({ providers: [Transient, Only] });
    const { transient } = app.get(Only);
    expect(await transient.find()).toBe(await transient.find());
  });

  it('of several inquirers stops the start, for its instances may differ', async () => {
    const error = await mistakeOf({ providers: [Transient, inquirer(Transient), inquirer(Transient)] });
    expect(error).toMatchObject({
      option: 'shared',
      message:
        'Transient.find: there are 2 instances of its class, which would share values. ' +
        'Write shared: true if they answer alike, or a key that tells them apart.',
    });
  });

  it('of several inquirers shares its values if it says so', async () => {
    const [One, Other] = [inquirer(SharedTransient), inquirer(SharedTransient)];
    const { app } = await start({ providers: [SharedTransient, One, Other] });
    expect(await app.get(One).transient.find()).toBe(await app.get(Other).transient.find());
  });

  it('that is resolved by hand runs uncached beside the one that is injected', async () => {
    const Only = inquirer(Transient);
    const { app, logger } = await start({ providers: [Transient, Only] });
    const resolved = await app.resolve(Transient);
    expect(await resolved.find()).not.toBe(await resolved.find());
    expect(logger.of('error')).toHaveLength(1);
  });
});
