import { Controller, Get, type INestApplication } from '@nestjs/common';
import { type ClientProxy, ClientProxyFactory, MessagePattern, Transport } from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { AddressInfo, Server } from 'node:net';
import { lastValueFrom } from 'rxjs';
import { Cached } from '../../lib/index.js';
import { LayerCacheTestingModule } from '../../lib/testing/index.js';
import { RecordingLogger } from '../support/recording-logger.js';

@Controller()
class StockController {
  calls = 0;

  @Get('stock')
  @MessagePattern('stock')
  @Cached()
  stock(): Promise<number> {
    return Promise.resolve(++this.calls);
  }
}

describe('A handler of requests and messages alike', () => {
  let app: INestApplication;
  let client: ClientProxy;
  let logger: RecordingLogger;

  beforeEach(async () => {
    logger = new RecordingLogger();
    const module = await Test.createTestingModule({
      imports: [LayerCacheTestingModule.forRoot()],
      controllers: [StockController],
    })
      .setLogger(logger)
      .compile();
    app = module.createNestApplication();
    const service = app.connectMicroservice({ transport: Transport.TCP, options: { host: '127.0.0.1', port: 0 } });
    await app.startAllMicroservices();
    await app.listen(0, '127.0.0.1');
    const { port } = service.unwrap<Server>().address() as AddressInfo;
    client = ClientProxyFactory.create({ transport: Transport.TCP, options: { host: '127.0.0.1', port } });
  });

  afterEach(async () => {
    await client.close();
    await app.close();
  });

  const ask = async (headers: Record<string, string> = {}): Promise<string> => {
    const response = await fetch(`${await app.getUrl()}/stock`, { headers });
    return response.text();
  };
  const send = (payload: unknown): Promise<unknown> => lastValueFrom(client.send<unknown>('stock', payload));

  it('answers both from one value', async () => {
    expect(await ask()).toBe('1');
    expect(await send({})).toBe(1);
  });

  it('is not cached for a request with credentials', async () => {
    await send({});
    expect(await ask({ cookie: 'a=b' })).toBe('2');
  });

  it.each(['', 0, { user: 'a' }, { headers: { cookie: 'a=b' } }])(
    'does not look for credentials in a payload (%j)',
    async (payload) => {
      expect(await send(payload)).toBe(1);
      expect(await send(payload)).toBe(1);
      expect(logger.of('warn')).toEqual([]);
    },
  );
});
