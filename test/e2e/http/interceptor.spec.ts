import {
  ClassSerializerInterceptor,
  Controller,
  Get,
  Header,
  Headers,
  HttpCode,
  NotFoundException,
  Param,
  Post,
  Query,
  Req,
  Res,
  StreamableFile,
  UseInterceptors,
} from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { Exclude } from 'class-transformer';
import { describe, expect, it } from '@jest/globals';
import { Cached, InvalidateTags, LayerCacheInterceptor } from '../../../lib/index.js';
import { onBothPlatforms } from '../../support/http-platforms.js';

class User {
  @Exclude()
  password = 'secret';

  constructor(readonly name: string) {}
}

interface StatusReply {
  status(code: number): unknown;
}

class Handlers {
  calls = 0;
  fails = false;

  @Get('plain/:id')
  plain(@Param('id') id: string, @Query('q') q?: string): string {
    this.calls++;
    return `${id} ${q} in call ${this.calls}`;
  }

  @Get('later')
  later(): Promise<{ call: number }> {
    this.calls++;
    return Promise.resolve({ call: this.calls });
  }

  @Post('plain/:id')
  change(@Param('id') id: string): string {
    this.calls++;
    return `${id} changed`;
  }

  @Get('request')
  request(@Req() { url }: { readonly url: string }): string {
    this.calls++;
    return url;
  }

  @Get('status/:code')
  status(@Res({ passthrough: true }) response: StatusReply, @Param('code') code: string): string {
    this.calls++;
    response.status(Number(code));
    return 'it';
  }

  @Get('sent')
  sent(@Res() response: { send(text: string): unknown }): void {
    this.calls++;
    response.send(`call ${this.calls}`);
  }

  @Get('headers')
  headers(@Headers() headers: Record<string, string>): string {
    this.calls++;
    return headers['x-any'] ?? 'none';
  }

  @Get('fails')
  failing(): string {
    this.calls++;
    if (this.fails) throw new Error('down');
    return 'up';
  }

  @Get('missing')
  missing(): never {
    this.calls++;
    throw new NotFoundException(`missing in call ${this.calls}`);
  }

  @Get('file')
  file(): StreamableFile {
    this.calls++;
    return new StreamableFile(Buffer.from('file'));
  }

  @Get('user')
  user(): User {
    this.calls++;
    return new User('ann');
  }

  @Get('made')
  @HttpCode(202)
  @Header('x-kind', 'special')
  made(): string {
    this.calls++;
    return 'made';
  }

  @Get('decorated/:id')
  @Cached({ ttl: '10s' })
  decorated(@Param('id') id: string): Promise<string> {
    this.calls++;
    return Promise.resolve(id);
  }

  @Get('invalidating')
  @InvalidateTags('nothing')
  invalidating(): Promise<string> {
    this.calls++;
    return Promise.resolve('done');
  }
}

@Controller()
@UseInterceptors(LayerCacheInterceptor)
class OnController extends Handlers {}

@Controller()
class Bare extends Handlers {}

@Controller()
class OnHandler {
  calls = 0;

  @Get('with')
  @UseInterceptors(LayerCacheInterceptor)
  with(): string {
    this.calls++;
    return 'with';
  }

  @Get('without')
  without(): string {
    this.calls++;
    return 'without';
  }
}

const GLOBAL = { provide: APP_INTERCEPTOR, useClass: LayerCacheInterceptor };
const SERIALIZER = { provide: APP_INTERCEPTOR, useClass: ClassSerializerInterceptor };
const PLACES = [
  ['on a controller', OnController, []],
  ['for the whole application', Bare, [GLOBAL]],
] as const;

onBothPlatforms('LayerCacheInterceptor', (start) => {
  describe.each(PLACES)('%s', (_where, controller, providers) => {
    const started = () => start({ controllers: [controller], providers: [...providers] });

    it('caches the replies of undecorated GET handlers', async () => {
      const app = await started();
      const replies = [await app.ask('/plain/1'), await app.ask('/plain/1')];
      expect(replies.map(({ text, cache, age }) => [text, cache, age])).toEqual([
        ['1 undefined in call 1', 'layercache; fwd=miss; stored', undefined],
        ['1 undefined in call 1', 'layercache; hit; ttl=60', '0'],
      ]);
    });

    it('keeps paths and queries apart', async () => {
      const app = await started();
      for (const path of ['/plain/1', '/plain/2', '/plain/1?q=1', '/plain/1?q=2', '/plain/1']) await app.ask(path);
      expect(app.get(controller).calls).toBe(4);
    });

    it('keeps hosts apart', async () => {
      const app = await started();
      for (const host of ['a.example.com', 'b.example.com']) await app.ask('/later', { headers: { host } });
      expect(app.get(controller).calls).toBe(2);
    });

    it('runs the handler once for many who ask at once', async () => {
      const app = await started();
      const replies = await Promise.all(Array.from({ length: 5 }, () => app.ask('/later')));
      expect(new Set(replies.map(({ text }) => text)).size).toBe(1);
    });

    it('lets a POST pass', async () => {
      const app = await started();
      for (let time = 0; time < 2; time++) {
        const reply = await app.ask('/plain/1', { method: 'POST' });
        expect([reply.status, reply.text, reply.cache]).toEqual([201, '1 changed', undefined]);
      }
      expect(app.get(controller).calls).toBe(2);
    });

    it('S4: fills no GET from a HEAD', async () => {
      const app = await started();
      expect((await app.ask('/plain/1', { method: 'HEAD' })).text).toBe('');
      expect((await app.ask('/plain/1')).text).toMatch(/^1 /);
    });

    it.each([{ authorization: 'Bearer a' }, { cookie: 'a=b' }] as Record<string, string>[])(
      'neither serves nor stores a request with %j, and says so',
      async (headers) => {
        const app = await started();
        await app.ask('/plain/1');
        const own = await app.ask('/plain/1', { headers });
        expect([own.text, own.cache]).toEqual(['1 undefined in call 2', 'layercache; fwd=bypass']);
        await app.ask('/plain/2', { headers });
        expect((await app.ask('/plain/2')).text).toBe('2 undefined in call 4');
        expect(app.log.warnings).toHaveLength(1);
        expect(app.log.warnings[0]).toContain('plain');
      },
    );

    it.each(['/request', '/sent', '/headers', '/status/202'])(
      'lets %s pass, whose handler may take anything, and warns once',
      async (path) => {
        const app = await started();
        for (let time = 0; time < 2; time++) expect((await app.ask(path)).cache).toBeUndefined();
        expect(app.get(controller).calls).toBe(2);
        expect(app.log.warnings).toHaveLength(1);
      },
    );

    it('stores no failure', async () => {
      const app = await started();
      app.get(controller).fails = true;
      for (let time = 0; time < 2; time++) expect((await app.ask('/fails')).status).toBe(500);
      app.get(controller).fails = false;
      expect((await app.ask('/fails')).text).toBe('up');
    });

    it('remembers for negativeTtl that something was not found', async () => {
      const app = await started();
      const [first, second] = [await app.ask('/missing'), await app.ask('/missing')];
      expect([second.status, second.text]).toEqual([404, first.text]);
      await app.clock.advance(5_000);
      await app.ask('/missing');
      expect(app.get(controller).calls).toBe(2);
    });

    it('gives each client the whole of a stream, and warns once', async () => {
      const app = await started();
      const replies = await Promise.all(Array.from({ length: 4 }, () => app.ask('/file')));
      expect(replies.map(({ text }) => text)).toEqual(['file', 'file', 'file', 'file']);
      expect(app.log.warnings).toHaveLength(1);
    });

    it('keeps the status and the headers that decorators give', async () => {
      const app = await started();
      for (let time = 0; time < 2; time++) {
        const { status, headers, text } = await app.ask('/made');
        expect([status, headers['x-kind'], text]).toEqual([202, 'special', 'made']);
      }
      expect(app.get(controller).calls).toBe(1);
    });

    it('leaves decorated handlers to themselves', async () => {
      const app = await started();
      await app.ask('/decorated/1?any=1');
      expect((await app.ask('/decorated/1?any=2')).cache).toBe('layercache; hit; ttl=10');
    });

    it('lets a handler pass that invalidates', async () => {
      const app = await started();
      for (let time = 0; time < 2; time++) await app.ask('/invalidating');
      expect(app.get(controller).calls).toBe(2);
    });
  });

  it('on one handler caches that one alone', async () => {
    const app = await start({ controllers: [OnHandler] });
    for (const path of ['/with', '/with', '/without', '/without']) await app.ask(path);
    expect(app.get(OnHandler).calls).toBe(3);
  });

  it.each([
    ['outside of', [GLOBAL, SERIALIZER]],
    ['inside of', [SERIALIZER, GLOBAL]],
  ])('%s ClassSerializerInterceptor shows nothing that is excluded', async (_place, providers) => {
    const app = await start({ controllers: [Bare], providers });
    for (let time = 0; time < 3; time++) expect((await app.ask('/user')).text).toBe('{"name":"ann"}');
    expect(app.get(Bare).calls).toBe(1);
  });
});
