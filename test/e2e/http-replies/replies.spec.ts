import {
  type ArgumentsHost,
  type CallHandler,
  Catch,
  ClassSerializerInterceptor,
  Controller,
  type ExceptionFilter,
  type ExecutionContext,
  Get,
  GoneException,
  Header,
  HttpCode,
  HttpException,
  NotFoundException,
  type NestInterceptor,
  Param,
  Post,
  Redirect,
  UseFilters,
  UseInterceptors,
} from '@nestjs/common';
import { Exclude, Expose } from 'class-transformer';
import { map, type Observable } from 'rxjs';
import { describe, expect, it } from '@jest/globals';
import { Cached, CacheTags, InvalidateTags } from '../../../lib/index.js';
import { onBothPlatforms, type Reply } from '../../support/http-platforms.js';

class User {
  @Exclude()
  password = 'secret';

  constructor(readonly name: string) {}

  @Expose()
  get greeting(): string {
    return `Hello, ${this.name}`;
  }
}

class Wrapping implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(map((data: unknown) => ({ data })));
  }
}

@Catch(HttpException)
class TeapotFilter implements ExceptionFilter<HttpException> {
  catch(error: HttpException, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<{ status(code: number): { send(text: string): void } }>();
    response.status(418).send(`filtered: ${error.message}`);
  }
}

@Controller('values')
class ValuesController {
  readonly calls: Record<string, number> = {};
  exists = false;

  #reply<T>(name: string, value: T): Promise<T> {
    this.calls[name] = (this.calls[name] ?? 0) + 1;
    return Promise.resolve(value);
  }

  @Get('undefined')
  @Cached()
  undefined() {
    return this.#reply('undefined', undefined);
  }

  @Get('null')
  @Cached()
  null() {
    return this.#reply('null', null);
  }

  @Get('empty')
  @Cached()
  empty() {
    return this.#reply('empty', '');
  }

  @Get('zero')
  @Cached()
  zero() {
    return this.#reply('zero', 0);
  }

  @Get('false')
  @Cached()
  false() {
    return this.#reply('false', false);
  }

  @Get('text')
  @Cached()
  text() {
    return this.#reply('text', 'text');
  }

  @Get('list')
  @Cached()
  list() {
    return this.#reply('list', [1, { two: 2, none: undefined }]);
  }

  @Get('date')
  @Cached()
  date() {
    return this.#reply('date', { at: new Date(0) });
  }

  @Get('buffer')
  @Cached()
  buffer() {
    return this.#reply('buffer', Buffer.from('bytes'));
  }

  @Get('accepted')
  @HttpCode(202)
  @Cached()
  accepted() {
    return this.#reply('accepted', { accepted: true });
  }

  @Get('header')
  @Cached()
  @Header('X-Kind', 'special')
  header() {
    return this.#reply('header', 'with a header');
  }

  @Get('redirect')
  @Redirect('https://example.com/', 301)
  @Cached()
  redirect() {
    return this.#reply('redirect', undefined);
  }

  @Get('redirect-by-result')
  @Cached()
  @Redirect()
  redirectByResult() {
    return this.#reply('redirect-by-result', { url: 'https://example.com/there', statusCode: 307 });
  }

  @Get('user')
  @UseInterceptors(ClassSerializerInterceptor)
  @Cached()
  user() {
    return this.#reply('user', new User('ann'));
  }

  @Get('users')
  @Cached()
  @UseInterceptors(ClassSerializerInterceptor)
  users() {
    return this.#reply('users', [new User('ann'), new User('bob')]);
  }

  @Get('wrapped-above')
  @UseInterceptors(Wrapping)
  @Cached()
  wrappedAbove() {
    return this.#reply('wrapped-above', 'it');
  }

  @Get('wrapped-below')
  @Cached()
  @UseInterceptors(Wrapping)
  wrappedBelow() {
    return this.#reply('wrapped-below', 'it');
  }

  @Get('filtered-above')
  @UseFilters(TeapotFilter)
  @Cached()
  filteredAbove(): Promise<never> {
    return this.#reply('filtered-above', null).then(() => Promise.reject(new NotFoundException('no tea')));
  }

  @Get('filtered-below')
  @Cached()
  @UseFilters(TeapotFilter)
  filteredBelow(): Promise<never> {
    return this.#reply('filtered-below', null).then(() => Promise.reject(new GoneException('no tea')));
  }

  @Get('items/:id')
  @Cached({ ttl: '1h', negativeTtl: '10s' })
  @CacheTags((id: string) => `item:${id}`)
  async item(@Param('id') id: string): Promise<string> {
    await this.#reply('item', id);
    if (!this.exists) throw new NotFoundException({ message: `no item ${id}`, hint: 'create it' });
    return `item ${id}`;
  }

  @Post('items/:id')
  @InvalidateTags((id: string) => `item:${id}`)
  create(@Param('id') id: string): Promise<string> {
    this.exists = true;
    return Promise.resolve(`created ${id}`);
  }
}

/** What the cache itself adds, and what differs in any two replies. */
const ITS_OWN = ['cache-status', 'age', 'date'];

function shown({ status, headers, text }: Reply) {
  const own = Object.entries(headers).filter(([name]) => !ITS_OWN.includes(name));
  return { status, text, headers: Object.fromEntries(own) };
}

/** Without a text where the platforms word it differently. */
const ROUTES: readonly (readonly [name: string, status: number, text: string | undefined])[] = [
  ['undefined', 200, undefined],
  ['null', 200, undefined],
  ['empty', 200, ''],
  ['zero', 200, '0'],
  ['false', 200, 'false'],
  ['text', 200, 'text'],
  ['list', 200, '[1,{"two":2}]'],
  ['date', 200, '{"at":"1970-01-01T00:00:00.000Z"}'],
  ['buffer', 200, undefined],
  ['accepted', 202, '{"accepted":true}'],
  ['header', 200, 'with a header'],
  ['redirect', 301, undefined],
  ['redirect-by-result', 307, undefined],
  ['user', 200, '{"name":"ann","greeting":"Hello, ann"}'],
  ['users', 200, '[{"name":"ann","greeting":"Hello, ann"},{"name":"bob","greeting":"Hello, bob"}]'],
  ['wrapped-above', 200, '{"data":"it"}'],
  ['wrapped-below', 200, '{"data":"it"}'],
  ['filtered-above', 418, 'filtered: no tea'],
  ['filtered-below', 418, 'filtered: no tea'],
];

onBothPlatforms('a decorated handler', (start) => {
  const controllers = [ValuesController];

  it.each(ROUTES)('of %s gives the same reply on a miss and on every hit', async (name, status, text) => {
    const app = await start({ controllers });
    const [miss, hit, another] = [
      await app.ask(`/values/${name}`),
      await app.ask(`/values/${name}`),
      await app.ask(`/values/${name}`),
    ];
    expect([miss.status, text === undefined ? undefined : miss.text]).toEqual([status, text]);
    expect([shown(hit), shown(another)]).toEqual([shown(miss), shown(miss)]);
    expect([miss.cache, hit.cache?.slice(0, 15)]).toEqual(['layercache; fwd=miss; stored', 'layercache; hit']);
    expect(app.get(ValuesController).calls[name]).toBe(1);
  });

  describe('that found nothing', () => {
    it('says so again with the same status and body, without being run', async () => {
      const app = await start({ controllers });
      const [first, second] = [await app.ask('/values/items/1'), await app.ask('/values/items/1')];
      expect([first.status, second.status]).toEqual([404, 404]);
      expect(JSON.parse(first.text)).toEqual({ message: 'no item 1', hint: 'create it' });
      expect(second.text).toBe(first.text);
      expect(app.get(ValuesController).calls['item']).toBe(1);
    });

    it('is run again after negativeTtl', async () => {
      const app = await start({ controllers });
      await app.ask('/values/items/1');
      app.get(ValuesController).exists = true;
      await app.clock.advance(10_000);
      expect((await app.ask('/values/items/1')).text).toBe('item 1');
    });

    it('is run again after a handler that created it has invalidated its tag', async () => {
      const app = await start({ controllers });
      await app.ask('/values/items/1');
      const created = await app.ask('/values/items/1', { method: 'POST' });
      expect([created.status, created.text]).toEqual([201, 'created 1']);
      const found = await app.ask('/values/items/1');
      expect([found.status, found.text, found.cache]).toEqual([200, 'item 1', 'layercache; fwd=miss; stored']);
    });
  });
});
