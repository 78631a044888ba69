import {
  All,
  Controller,
  Delete,
  Get,
  Head,
  Headers,
  Next,
  Options,
  Patch,
  Post,
  Put,
  Req,
  Res,
  Search,
  Session,
  Sse,
  UploadedFile,
  UploadedFiles,
} from '@nestjs/common';
import { type Observable, of } from 'rxjs';
import { describe, expect, it } from '@jest/globals';
import { Cached, type CachedOptions, LayerCacheConfigError } from '../../../lib/index.js';
import { onBothPlatforms, type Start } from '../../support/http-platforms.js';

type Taking = (prototype: object, method: string, index: number) => void;

/** A controller whose handler `find` has this verb, and takes this as its only parameter. */
function controllerOf(verb: MethodDecorator, options?: CachedOptions, taking?: Taking) {
  @Controller('items')
  class ItemsController {
    @verb
    @Cached(options)
    find(..._args: unknown[]): Promise<string> {
      return Promise.resolve('it');
    }
  }
  taking?.(ItemsController.prototype, 'find', 0);
  return ItemsController;
}

const VERBS = { Post, Put, Patch, Delete, All, Options, Search };
const LIVE: Readonly<Record<string, () => ParameterDecorator>> = {
  '@Req()': Req,
  '@Res()': Res,
  '@Res({ passthrough: true })': () => Res({ passthrough: true }),
  '@Next()': Next,
  '@Session()': Session,
  '@UploadedFile()': () => UploadedFile() as ParameterDecorator,
  '@UploadedFiles()': UploadedFiles,
  '@Headers()': () => Headers(),
};
/** What sends the reply or hands it on itself: with an answer from the cache nobody would. */
const ANSWERING = ['@Res()', '@Next()'];
const LIFTABLE = Object.keys(LIVE).filter((name) => !ANSWERING.includes(name));

async function mistakeOf(start: Start, controllers: readonly (new () => object)[]): Promise<LayerCacheConfigError> {
  const error: unknown = await start({ controllers: [...controllers] }).then(
    () => new Error('the application started'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(LayerCacheConfigError);
  return error as LayerCacheConfigError;
}

onBothPlatforms('the start', (start) => {
  describe.each(Object.entries(VERBS))('with a decorated handler of @%s', (_name, verb) => {
    it('stops with an error that names the handler and the cure', async () => {
      const { message } = await mistakeOf(start, [controllerOf(verb())]);
      expect(message).toMatch(/^ItemsController\.find: .*GET and HEAD.*Remove @Cached, or write shared: true/);
    });

    it('stops though there is a key', async () => {
      const { message } = await mistakeOf(start, [controllerOf(verb(), { key: () => 'it' })]);
      expect(message).toContain('shared: true');
    });

    it('goes on where the call site says shared: true', async () => {
      const app = await start({ controllers: [controllerOf(verb(), { shared: true })] });
      expect(app.log.errors).toEqual([]);
    });
  });

  it.each([Get, Head])('goes on with a decorated handler of %p', async (verb) => {
    const app = await start({ controllers: [controllerOf(verb())] });
    expect(app.log.errors).toEqual([]);
  });

  describe.each(Object.entries(LIVE))('with a decorated handler that takes %s', (name, taking) => {
    it('stops with an error that names the handler, the parameter and the cure', async () => {
      const { message } = await mistakeOf(start, [controllerOf(Get(), {}, taking() as Taking)]);
      const cure = ANSWERING.includes(name) ? 'Return the reply instead' : 'write a key';
      expect(message).toMatch(new RegExp(`^ItemsController\\.find: .*${cure}`));
      expect(message).toContain(name === '@Res({ passthrough: true })' ? '@Res()' : name);
    });

    it('stops though it says shared: true', async () => {
      const { option } = await mistakeOf(start, [controllerOf(Get(), { shared: true }, taking() as Taking)]);
      expect(option).toBe(ANSWERING.includes(name) ? '@Cached' : 'key');
    });
  });

  it.each(LIFTABLE)('goes on where a key tells what of %s decides', async (name) => {
    const taking = LIVE[name]?.() as Taking;
    const app = await start({ controllers: [controllerOf(Get(), { key: () => 'it' }, taking)] });
    expect(app.log.errors).toEqual([]);
  });

  it.each(ANSWERING)('stops with %s also with a key, for a hit would be answered by nobody', async (name) => {
    const taking = LIVE[name]?.() as Taking;
    const { message } = await mistakeOf(start, [controllerOf(Get(), { key: () => 'it' }, taking)]);
    expect(message).toMatch(/^ItemsController\.find: /);
  });

  it('stops with a decorated handler of @Sse, whatever it says', async () => {
    @Controller('items')
    class EventsController {
      @Sse()
      @Cached({ shared: true, key: () => 'it' })
      find(): Observable<{ data: string }> {
        return of({ data: 'it' });
      }
    }
    const { message } = await mistakeOf(start, [EventsController]);
    expect(message).toMatch(/^EventsController\.find: .*@Sse.*Remove @Cached/);
  });

  it('tells of all mistakes at once', async () => {
    @Controller('others')
    class OthersController {
      @Post()
      @Cached()
      create(): Promise<string> {
        return Promise.resolve('it');
      }

      @Get()
      @Cached()
      find(@Req() _request: unknown): Promise<string> {
        return Promise.resolve('it');
      }
    }
    const { message } = await mistakeOf(start, [controllerOf(Put()), OthersController]);
    expect(message).toContain('3 mistakes');
    for (const where of ['ItemsController.find', 'OthersController.create', 'OthersController.find']) {
      expect(message).toContain(where);
    }
  });

  it('finds the verb whichever of the two decorators comes first', async () => {
    @Controller('items')
    class ItemsController {
      @Cached()
      @Post()
      create(): Promise<string> {
        return Promise.resolve('it');
      }
    }
    expect((await mistakeOf(start, [ItemsController])).message).toContain('ItemsController.create');
  });

  it('finds a handler that was inherited, and names the class that Nest made', async () => {
    abstract class Base {
      @Post()
      @Cached()
      create(): Promise<string> {
        return Promise.resolve('it');
      }
    }
    @Controller('items')
    class ItemsController extends Base {}
    expect((await mistakeOf(start, [ItemsController])).message).toMatch(/^ItemsController\.create: /);
  });

  it('goes on with a @Req() of an undecorated handler beside a decorated one', async () => {
    @Controller('items')
    class ItemsController {
      @Get('raw')
      raw(@Req() request: { readonly url: string }): string {
        return request.url;
      }

      @Get()
      @Cached()
      find(): Promise<string> {
        return Promise.resolve('it');
      }
    }
    const app = await start({ controllers: [ItemsController] });
    expect((await app.ask('/items/raw')).text).toBe('/items/raw');
  });
});
