import 'reflect-metadata';
import { Controller, Get, Headers, Param, UseInterceptors, Version, VersioningType } from '@nestjs/common';
import { expect, it } from '@jest/globals';
import { Cached, CacheService, CacheTags, LayerCacheInterceptor } from '../../../lib/index.js';
import { onBothPlatforms } from '../../support/http-platforms.js';

type Handler = (this: unknown, ...args: unknown[]) => unknown;

/** As many decorators are written that time, log or retry: what stands in front has no name, and all arguments. */
function Timed(): MethodDecorator {
  return (_prototype, _method, descriptor) => {
    const original = descriptor.value as Handler;
    const front: Handler = function (...args) {
      return original.apply(this, args);
    };
    descriptor.value = Object.defineProperty(front, 'name', { value: '' }) as never;
  };
}

/** One that hands on what the method declares, and no more. */
function TimedById(): MethodDecorator {
  return (_prototype, _method, descriptor) => {
    const original = descriptor.value as Handler;
    const front: Handler = function (id) {
      return original.call(this, id);
    };
    descriptor.value = front as never;
  };
}

/** One that hands on everything twice, and then what the method declares. */
function FickleById(): MethodDecorator {
  return (_prototype, _method, descriptor) => {
    const original = descriptor.value as (...args: unknown[]) => Promise<unknown>;
    let calls = 0;
    const front = function (this: unknown, ...args: unknown[]): Promise<unknown> {
      return original.apply(this, ++calls > 2 ? args.slice(0, 1) : args);
    };
    descriptor.value = front as never;
  };
}

@Controller('cats')
class CatsController {
  calls = 0;

  @Get('timed/:id')
  @Timed()
  @Cached()
  timed(@Param('id') id: string): Promise<string> {
    return Promise.resolve(`${id} ${++this.calls}`);
  }

  @Get('timed-by-id/:id')
  @TimedById()
  @Cached()
  timedById(@Param('id') id: string): Promise<string> {
    return Promise.resolve(`${id} ${++this.calls}`);
  }
}

/** Made anew for each application, because its decorator counts. */
function fickleCats() {
  @Controller('fickle-cats')
  class FickleCatsController {
    calls = 0;

    @Get(':id')
    @FickleById()
    @Cached()
    find(@Param('id') id: string): Promise<string> {
      return Promise.resolve(`${id} ${++this.calls}`);
    }
  }
  return FickleCatsController;
}

@Controller('replies')
@UseInterceptors(LayerCacheInterceptor)
class RepliesController {
  calls = 0;

  @Get('tagged')
  @Timed()
  @Cached()
  @CacheTags('replies')
  tagged(): Promise<string> {
    return Promise.resolve(`call ${++this.calls}`);
  }

  @Get('key')
  @Timed()
  key(@Headers('x-api-key') key: string): Promise<string> {
    return Promise.resolve(`secret of ${key}`);
  }
}

@Controller('versions')
@UseInterceptors(LayerCacheInterceptor)
class VersionsController {
  @Version('1')
  @Get()
  @Timed()
  first(): Promise<string> {
    return Promise.resolve('first');
  }

  @Version('2')
  @Get()
  @Timed()
  second(): Promise<string> {
    return Promise.resolve('second');
  }
}

onBothPlatforms('a handler behind a decorator that replaces it', (start) => {
  it('is cached', async () => {
    const app = await start({ controllers: [CatsController] });
    await app.ask('/cats/timed/1');
    expect((await app.ask('/cats/timed/1')).text).toBe('1 1');
  });

  it.each(['timed', 'timed-by-id'])('is not cached for requests with credentials (%s)', async (path) => {
    const app = await start({ controllers: [CatsController] });
    const headers = { authorization: 'Bearer a' };
    expect((await app.ask(`/cats/${path}/1`, { headers })).text).toBe('1 1');
    expect((await app.ask(`/cats/${path}/1`, { headers })).text).toBe('1 2');
    expect((await app.ask(`/cats/${path}/1`)).text).toBe('1 3');
  });

  it('answers no request from the cache that it was not handed, though it was handed others', async () => {
    const app = await start({ controllers: [fickleCats()] });
    const replies = [];
    for (let request = 1; request <= 3; request++) replies.push((await app.ask('/fickle-cats/1')).text);
    expect(replies).toEqual(['1 1', '1 1', '1 2']);
  });

  it('gives no reply to another that depends on a header, under the interceptor', async () => {
    const app = await start({ controllers: [RepliesController] });
    await app.ask('/replies/key', { headers: { 'x-api-key': 'a' } });
    expect((await app.ask('/replies/key', { headers: { 'x-api-key': 'b' } })).text).toBe('secret of b');
  });

  it('is cached once, by its own @Cached, under the interceptor', async () => {
    const app = await start({ controllers: [RepliesController] });
    await app.ask('/replies/tagged');
    await app.get(CacheService).invalidateTags('replies');
    expect((await app.ask('/replies/tagged')).text).toBe('call 2');
  });

  it('is kept apart from one of another version at its URL, under the interceptor', async () => {
    const app = await start({
      controllers: [VersionsController],
      setUp: (one) => one.enableVersioning({ type: VersioningType.HEADER, header: 'x-version' }),
    });
    await app.ask('/versions', { headers: { 'x-version': '1' } });
    expect((await app.ask('/versions', { headers: { 'x-version': '2' } })).text).toBe('second');
  });
});
