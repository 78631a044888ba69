import { type ArgumentsHost, Catch, type ExceptionFilter, UseFilters } from '@nestjs/common';
import {
  ConnectedSocket,
  MessageBody,
  SubscribeMessage,
  WebSocketGateway,
  type WsResponse,
  WsException,
} from '@nestjs/websockets';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Observable, of } from 'rxjs';
import { Cached, CacheTags, InvalidateTags } from '../../lib/index.js';
import type { WebSocket } from 'ws';
import { WsService } from '../support/ws-service.js';

interface ById {
  readonly id: number;
}

type Price = WsResponse<number>;

/** Nest hides from clients what is no WsException. */
@Catch()
class TellEverything implements ExceptionFilter<Error> {
  catch({ message }: Error, host: ArgumentsHost): void {
    host
      .switchToWs()
      .getClient<WebSocket>()
      .send(JSON.stringify({ event: 'refused', data: message }));
  }
}

@WebSocketGateway()
class PricesGateway {
  readonly calls: string[] = [];

  @SubscribeMessage('price')
  @Cached({ ttl: '5m' })
  @CacheTags(({ id }: ById) => `price:${id}`)
  price(@MessageBody() { id }: ById): Promise<Price> {
    return this.#count(`price ${id}`);
  }

  @Cached()
  @SubscribeMessage('field')
  field(@MessageBody('id') id: number): Promise<Price> {
    return this.#count(`field ${id}`);
  }

  @SubscribeMessage('observed')
  @Cached()
  observed(@MessageBody() { id }: ById): Observable<Price> {
    this.calls.push(`observed ${id}`);
    return of({ event: 'observed', data: this.calls.length });
  }

  @SubscribeMessage('keyed')
  @Cached({ key: (_socket: object, { id }: ById) => id })
  keyed(@ConnectedSocket() _socket: object, @MessageBody() { id }: ById): Promise<Price> {
    return this.#count(`keyed ${id}`);
  }

  @SubscribeMessage('bare-keyed')
  @Cached({ key: (_socket: object, { id }: ById) => id })
  bareKeyed(_socket: object, { id }: ById): Promise<Price> {
    return this.#count(`bare-keyed ${id}`);
  }

  @SubscribeMessage('socket')
  @UseFilters(TellEverything)
  @Cached()
  socket(@ConnectedSocket() _socket: object, @MessageBody() { id }: ById): Promise<Price> {
    return this.#count(`socket ${id}`);
  }

  @SubscribeMessage('bare')
  @UseFilters(TellEverything)
  @Cached()
  bare(_socket: object, { id }: ById): Promise<Price> {
    return this.#count(`bare ${id}`);
  }

  @SubscribeMessage('failing')
  @Cached()
  failing(@MessageBody() { id }: ById): Promise<Price> {
    this.calls.push(`failing ${id}`);
    return Promise.reject(new WsException(`no price of ${id}`));
  }

  @SubscribeMessage('change')
  @InvalidateTags(({ id }: ById) => `price:${id}`)
  change(@MessageBody() { id }: ById): Promise<Price> {
    return this.#count(`change ${id}`);
  }

  #count(call: string): Promise<Price> {
    return Promise.resolve({ event: 'price', data: this.calls.push(call) });
  }
}

describe('A message to a gateway', () => {
  let service: WsService;
  let calls: readonly string[];

  beforeEach(async () => {
    service = await WsService.start(PricesGateway);
    calls = service.gateway(PricesGateway).calls;
  });

  afterEach(() => service.close());

  it.each(['price', 'field', 'observed', 'keyed', 'bare-keyed'])(
    'is answered from the cache by its body (%s)',
    async (event) => {
      expect(await service.send(event, { id: 1 })).toMatchObject({ data: 1 });
      expect(await service.send(event, { id: 2 })).toMatchObject({ data: 2 });
      expect(await service.send(event, { id: 1 })).toMatchObject({ data: 1 });
      expect(calls).toHaveLength(2);
    },
  );

  it('is handled again when its ttl is over', async () => {
    await service.send('price', { id: 1 });
    await service.clock.advance(300_000);
    expect(await service.send('price', { id: 1 })).toEqual({ event: 'price', data: 2 });
  });

  it('ends what its tags name, and nothing else', async () => {
    await service.send('price', { id: 1 });
    await service.send('price', { id: 2 });
    await service.send('change', { id: 1 });
    await service.send('price', { id: 1 });
    await service.send('price', { id: 2 });
    expect(calls).toEqual(['price 1', 'price 2', 'change 1', 'price 1']);
  });

  it('whose handler throws a WsException is told so, and handled again', async () => {
    const wanted = { event: 'exception', data: { status: 'error', message: 'no price of 1' } };
    expect(await service.send('failing', { id: 1 })).toMatchObject(wanted);
    expect(await service.send('failing', { id: 1 })).toMatchObject(wanted);
    expect(calls).toEqual(['failing 1', 'failing 1']);
  });

  it.each(['socket', 'bare'])(
    'is refused where its handler takes the connection and has no key (%s)',
    async (event) => {
      const { data } = (await service.send(event, { id: 1 })) as { data: string };
      expect(data).toContain(`argument 1 of PricesGateway.${event}`);
      expect(data).toContain('give the key yourself');
      expect(calls).toEqual([]);
    },
  );
});
