import {
  Controller,
  createParamDecorator,
  DefaultValuePipe,
  type ExecutionContext,
  Get,
  Headers,
  HostParam,
  Ip,
  Param,
  ParseIntPipe,
  Query,
  ValidationPipe,
} from '@nestjs/common';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Max } from 'class-validator';
import { expect, it } from '@jest/globals';
import { Cached } from '../../../lib/index.js';
import { onBothPlatforms } from '../../support/http-platforms.js';

class Page {
  @IsOptional()
  @IsInt()
  @Max(50)
  @Type(() => Number)
  page = 1;
}

interface LocaleRequest {
  readonly headers: Readonly<Record<string, string | undefined>>;
}

const Locale = createParamDecorator((fallback: string, context: ExecutionContext) => {
  const { headers } = context.switchToHttp().getRequest<LocaleRequest>();
  return headers['x-locale'] ?? fallback;
});

@Controller('items')
class ItemsController {
  calls = 0;

  #reply(saw: unknown): Promise<{ call: number; saw: unknown }> {
    this.calls++;
    return Promise.resolve({ call: this.calls, saw });
  }

  @Get()
  @Cached()
  all() {
    return this.#reply('all');
  }

  @Get('by-id/:id')
  @Cached()
  byId(@Param('id') id: string) {
    return this.#reply(id);
  }

  @Get('by-number/:id')
  @Cached()
  byNumber(@Param('id', ParseIntPipe) id: number) {
    return this.#reply(id);
  }

  @Get('two/:a/:b')
  @Cached()
  two(@Param('b') b: string, @Param('a') a: string) {
    return this.#reply([a, b]);
  }

  @Get('params/:a/:b')
  @Cached()
  params(@Param() params: Record<string, string>) {
    return this.#reply({ ...params });
  }

  @Get('pages')
  @Cached()
  pages(@Query(new ValidationPipe({ transform: true })) page: Page) {
    return this.#reply(page.page);
  }

  @Get('limited')
  @Cached()
  limited(@Query('limit', new DefaultValuePipe(10), ParseIntPipe) limit: number) {
    return this.#reply(limit);
  }

  @Get('query')
  @Cached()
  query(@Query() query: Record<string, string>) {
    return this.#reply({ ...query });
  }

  @Get('named')
  @Cached()
  named(@Headers('accept-language') language: string) {
    return this.#reply(language);
  }

  @Get('locale')
  @Cached()
  locale(@Locale('en') locale: string) {
    return this.#reply(locale);
  }

  @Get('ip')
  @Cached()
  ip(@Ip() ip: string) {
    return this.#reply(ip);
  }
}

@Controller({ path: 'tenant', host: ':tenant.example.com' })
class TenantController {
  @Get()
  @Cached()
  find(@HostParam('tenant') tenant: string): Promise<string> {
    return Promise.resolve(tenant);
  }
}

onBothPlatforms('a decorated handler', (start) => {
  const controllers = [ItemsController, TenantController];

  async function callsOf(...requests: readonly (readonly [path: string, headers?: Record<string, string>])[]) {
    const app = await start({ controllers });
    const saw: unknown[] = [];
    for (const [path, headers = {}] of requests) {
      const reply = await app.ask(path, { headers });
      expect(reply.status).toBe(200);
      saw.push((JSON.parse(reply.text) as { saw: unknown }).saw);
    }
    return { saw, calls: app.get(ItemsController).calls };
  }

  it('runs once for requests with the same parameters', async () => {
    expect(await callsOf(['/items/by-id/7'], ['/items/by-id/7'])).toEqual({ saw: ['7', '7'], calls: 1 });
  });

  it('runs once for each of several parameters', async () => {
    expect(await callsOf(['/items/by-id/7'], ['/items/by-id/8'], ['/items/by-id/7'])).toEqual({
      saw: ['7', '8', '7'],
      calls: 2,
    });
  });

  it('without any parameter is cached too', async () => {
    expect(await callsOf(['/items'], ['/items'])).toEqual({ saw: ['all', 'all'], calls: 1 });
  });

  it('is keyed by what pipes have made of its parameters', async () => {
    expect(await callsOf(['/items/by-number/7'], ['/items/by-number/007'])).toEqual({ saw: [7, 7], calls: 1 });
  });

  it('is not run, nor is anything stored, where a pipe refuses a parameter', async () => {
    const app = await start({ controllers });
    for (let time = 0; time < 2; time++) {
      const reply = await app.ask('/items/by-number/x');
      expect([reply.status, reply.cache]).toEqual([400, undefined]);
    }
    expect(app.get(ItemsController).calls).toBe(0);
  });

  it('tells two parameters from the same ones in the other order', async () => {
    expect(await callsOf(['/items/two/1/2'], ['/items/two/2/1'])).toEqual({
      saw: [
        ['1', '2'],
        ['2', '1'],
      ],
      calls: 2,
    });
  });

  it('tells parameters apart that look alike when put together', async () => {
    const { calls } = await callsOf(['/items/two/a%2Cb/c'], ['/items/two/a/b%2Cc'], ['/items/two/a%22%2C%22b/c']);
    expect(calls).toBe(3);
  });

  it('takes all its path parameters as one object', async () => {
    const { calls } = await callsOf(['/items/params/1/2'], ['/items/params/2/1'], ['/items/params/1/2']);
    expect(calls).toBe(2);
  });

  it('is keyed by the DTO that a query became, defaults filled in', async () => {
    expect(await callsOf(['/items/pages'], ['/items/pages?page=1'], ['/items/pages?page=01'])).toEqual({
      saw: [1, 1, 1],
      calls: 1,
    });
  });

  it('never stores under a DTO that was refused', async () => {
    const app = await start({ controllers });
    expect((await app.ask('/items/pages?page=51')).status).toBe(400);
    expect((await app.ask('/items/pages?page=50')).cache).toBe('layercache; fwd=miss; stored');
  });

  it('shares a default with those who ask for it', async () => {
    expect(await callsOf(['/items/limited'], ['/items/limited?limit=10'])).toEqual({ saw: [10, 10], calls: 1 });
  });

  it('takes a raw query whatever the order of its fields', async () => {
    const { calls } = await callsOf(['/items/query?a=1&b=2'], ['/items/query?b=2&a=1']);
    expect(calls).toBe(1);
  });

  it('tells a repeated field from one that looks like it', async () => {
    const { calls } = await callsOf(['/items/query?a=1&a=2'], ['/items/query?a=1,2'], ['/items/query?a=1']);
    expect(calls).toBe(3);
  });

  it('is not moved by a query that it does not take', async () => {
    expect(await callsOf(['/items/by-id/7?x=1'], ['/items/by-id/7?x=2'])).toEqual({ saw: ['7', '7'], calls: 1 });
  });

  it('is keyed by a header that it names', async () => {
    expect(
      await callsOf(
        ['/items/named', { 'accept-language': 'de' }],
        ['/items/named', { 'accept-language': 'fr' }],
        ['/items/named', { 'accept-language': 'de' }],
      ),
    ).toEqual({ saw: ['de', 'fr', 'de'], calls: 2 });
  });

  it('is keyed by what a custom decorator finds in the request', async () => {
    expect(await callsOf(['/items/locale'], ['/items/locale', { 'x-locale': 'de' }], ['/items/locale'])).toEqual({
      saw: ['en', 'de', 'en'],
      calls: 2,
    });
  });

  it('is keyed by the address of the client that it takes', async () => {
    expect(await callsOf(['/items/ip'], ['/items/ip'])).toEqual({ saw: ['127.0.0.1', '127.0.0.1'], calls: 1 });
  });

  it('is keyed by the part of the host that it takes', async () => {
    const app = await start({ controllers });
    const texts: string[] = [];
    for (const host of ['a.example.com', 'b.example.com', 'a.example.com']) {
      texts.push((await app.ask('/tenant', { headers: { host } })).text);
    }
    expect(texts).toEqual(['a', 'b', 'a']);
  });

  it('answers HEAD from what GET has stored, without a body', async () => {
    const app = await start({ controllers });
    await app.ask('/items/by-id/7');
    const reply = await app.ask('/items/by-id/7', { method: 'HEAD' });
    expect([reply.status, reply.text, reply.cache]).toEqual([200, '', 'layercache; hit; ttl=60']);
    expect(app.get(ItemsController).calls).toBe(1);
  });

  it('answers GET in full from what HEAD has stored', async () => {
    const app = await start({ controllers });
    await app.ask('/items/by-id/7', { method: 'HEAD' });
    expect((await app.ask('/items/by-id/7')).text).toBe('{"call":1,"saw":"7"}');
  });

  it('has no part in a path that leads to no handler', async () => {
    const app = await start({ controllers });
    for (let time = 0; time < 2; time++) {
      const reply = await app.ask('/items/none/of/these');
      expect([reply.status, reply.cache, reply.age]).toEqual([404, undefined, undefined]);
    }
  });
});
