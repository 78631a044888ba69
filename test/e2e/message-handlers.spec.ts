import { Catch, Controller, NotFoundException, type RpcExceptionFilter, UseFilters } from '@nestjs/common';
import { Ctx, EventPattern, MessagePattern, Payload, RpcException, type TcpContext } from '@nestjs/microservices';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { from, Observable, of, throwError } from 'rxjs';
import { Cached, CacheTags, InvalidateTags } from '../../lib/index.js';
import { TcpService } from '../support/tcp-service.js';

interface ById {
  readonly id: number;
}

/** Nest hides from clients what is no RpcException. */
@Catch()
class TellEverything implements RpcExceptionFilter<Error> {
  catch({ message }: Error): Observable<never> {
    return throwError(() => message);
  }
}

@Controller()
class PricesController {
  readonly calls: string[] = [];
  #changed: () => void = () => undefined;

  /** Resolves when the next event has been handled. */
  nextChange(): Promise<void> {
    return new Promise((resolve) => {
      this.#changed = resolve;
    });
  }

  @MessagePattern('price')
  @Cached({ ttl: '5m' })
  @CacheTags(({ id }: ById) => `price:${id}`)
  price(@Payload() { id }: ById): Promise<number> {
    return this.#count(`price ${id}`);
  }

  @Cached()
  @MessagePattern('plain')
  plain({ id }: ById): Promise<number> {
    return this.#count(`plain ${id}`);
  }

  @MessagePattern('field')
  @Cached()
  field(@Payload('id') id: number): Promise<number> {
    return this.#count(`field ${id}`);
  }

  @MessagePattern('nothing')
  @Cached()
  nothing(): Promise<number> {
    return this.#count('nothing');
  }

  @MessagePattern('context')
  @UseFilters(TellEverything)
  @Cached()
  context(@Payload() { id }: ById, @Ctx() _context: TcpContext): Promise<number> {
    return this.#count(`context ${id}`);
  }

  @MessagePattern('keyed')
  @Cached({ key: ({ id }) => id })
  keyed(@Payload() { id }: ById, @Ctx() context: TcpContext): Promise<number> {
    return this.#count(`keyed ${id} ${context.getPattern()}`);
  }

  @MessagePattern('user')
  @Cached()
  user(@Payload() { user }: { user: string }): Promise<number> {
    return this.#count(`user ${user}`);
  }

  @MessagePattern('observed')
  @Cached()
  observed(@Payload() { id }: ById): Observable<number> {
    this.calls.push(`observed ${id}`);
    return of(this.calls.length);
  }

  @MessagePattern('several')
  @Cached()
  several(@Payload() { id }: ById): Observable<number> {
    this.calls.push(`several ${id}`);
    return from([1, 2, 3]);
  }

  @MessagePattern('failing')
  @Cached()
  failing(@Payload() { id }: ById): Promise<number> {
    this.calls.push(`failing ${id}`);
    return Promise.reject(new RpcException({ status: 'error', message: `no price of ${id}` }));
  }

  @MessagePattern('failing-observable')
  @Cached()
  failingObservable(@Payload() { id }: ById): Observable<number> {
    this.calls.push(`failing ${id}`);
    return throwError(() => new RpcException(`no price of ${id}`));
  }

  @MessagePattern('absent')
  @Cached()
  absent(@Payload() { id }: ById): Promise<number> {
    this.calls.push(`absent ${id}`);
    return Promise.reject(new NotFoundException());
  }

  @EventPattern('changed')
  @InvalidateTags(({ id }: ById) => `price:${id}`)
  async changed(@Payload() { id }: ById): Promise<void> {
    await this.#count(`changed ${id}`);
    // After the promise that the invalidation waits for, and so after the invalidation.
    setImmediate(this.#changed);
  }

  @MessagePattern('change')
  @InvalidateTags(({ id }: ById) => `price:${id}`)
  change({ id }: ById): Promise<number> {
    return this.#count(`change ${id}`);
  }

  @MessagePattern('change-observed')
  @InvalidateTags(({ id }: ById) => `price:${id}`)
  changeObserved(@Payload() { id }: ById): Observable<string> {
    return from(['begun', `changed ${id}`]);
  }

  #count(call: string): Promise<number> {
    return Promise.resolve(this.calls.push(call));
  }
}

describe('A message handler', () => {
  let service: TcpService;
  let calls: readonly string[];

  beforeEach(async () => {
    service = await TcpService.start(PricesController);
    calls = service.controller(PricesController).calls;
  });

  afterEach(() => service.close());

  it.each(['price', 'plain', 'field', 'keyed'])('is cached by its payload (%s)', async (pattern) => {
    expect(await service.send(pattern, { id: 1 })).toEqual([1]);
    expect(await service.send(pattern, { id: 2 })).toEqual([2]);
    expect(await service.send(pattern, { id: 1 })).toEqual([1]);
    expect(calls).toHaveLength(2);
  });

  it('is run again when its ttl is over', async () => {
    await service.send('price', { id: 1 });
    await service.clock.advance(300_000);
    expect(await service.send('price', { id: 1 })).toEqual([2]);
  });

  it('is given the context beside a key', async () => {
    await service.send('keyed', { id: 1 });
    expect(calls).toEqual(['keyed 1 keyed']);
  });

  it('that takes no payload runs once for every payload that leaves it alone', async () => {
    expect(await service.send('nothing', '')).toEqual([1]);
    expect(await service.send('nothing', '')).toEqual([1]);
  });

  it('does not take a payload for a request with credentials', async () => {
    await service.send('user', { user: 'a', headers: { cookie: 'b' } });
    expect(await service.send('user', { user: 'a', headers: { cookie: 'b' } })).toEqual([1]);
  });

  it('that takes the context without a key is refused by an error that names the argument', async () => {
    const reply = service.send('context', { id: 1 });
    await expect(reply).rejects.toMatch(/argument 2 of PricesController\.context.*give the key yourself/);
    expect(calls).toEqual([]);
  });

  it('that returns an Observable of one value is cached', async () => {
    expect(await service.send('observed', { id: 1 })).toEqual([1]);
    expect(await service.send('observed', { id: 1 })).toEqual([1]);
    expect(calls).toEqual(['observed 1']);
  });

  it('that returns an Observable of several values replies with all of them, each time anew', async () => {
    expect(await service.send('several', { id: 1 })).toEqual([1, 2, 3]);
    expect(await service.send('several', { id: 1 })).toEqual([1, 2, 3]);
    expect(calls).toEqual(['several 1', 'several 1']);
    expect(service.logger.of('warn')).toEqual([expect.stringContaining('PricesController.several')]);
  });

  it('that throws an RpcException throws it to the caller, and is asked again', async () => {
    const wanted = { status: 'error', message: 'no price of 1' };
    await expect(service.send('failing', { id: 1 })).rejects.toEqual(wanted);
    await expect(service.send('failing', { id: 1 })).rejects.toEqual(wanted);
    expect(calls).toEqual(['failing 1', 'failing 1']);
  });

  it('whose Observable fails with an RpcException tells it to the caller, and is asked again', async () => {
    const wanted = { status: 'error', message: 'no price of 1' };
    await expect(service.send('failing-observable', { id: 1 })).rejects.toEqual(wanted);
    await expect(service.send('failing-observable', { id: 1 })).rejects.toEqual(wanted);
    expect(calls).toEqual(['failing 1', 'failing 1']);
  });

  it('that finds nothing is not asked again for a while', async () => {
    await expect(service.send('absent', { id: 1 })).rejects.toMatchObject({ status: 'error' });
    await expect(service.send('absent', { id: 1 })).rejects.toMatchObject({ status: 'error' });
    expect(calls).toEqual(['absent 1']);
  });

  it.each([
    ['change', [2]],
    ['change-observed', ['begun', 'changed 1']],
  ])('that invalidates has done so when its reply ends (%s)', async (pattern, reply) => {
    await service.send('price', { id: 1 });
    expect(await service.send(pattern, { id: 1 })).toEqual(reply);
    await service.send('price', { id: 1 });
    expect(calls.filter((call) => call === 'price 1')).toHaveLength(2);
  });
});

describe('An event handler', () => {
  it('invalidates what the event names', async () => {
    const service = await TcpService.start(PricesController);
    try {
      const controller = service.controller(PricesController);
      await service.send('price', { id: 1 });
      await service.send('price', { id: 2 });
      const handled = controller.nextChange();
      await service.emit('changed', { id: 1 });
      await handled;
      await service.send('price', { id: 1 });
      await service.send('price', { id: 2 });
      expect(controller.calls).toEqual(['price 1', 'price 2', 'changed 1', 'price 1']);
    } finally {
      await service.close();
    }
  });
});
