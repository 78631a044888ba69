import 'reflect-metadata';
import { Controller, Get, Param, Post } from '@nestjs/common';
import { ApplicationConfig } from '@nestjs/core';
import { expect, it } from '@jest/globals';
import { Cached } from '../../../lib/index.js';
import { onBothPlatforms, type Reply } from '../../support/http-platforms.js';

@Controller('plain')
class PlainController {
  readonly seen: number[] = [];

  @Get(':id')
  find(@Param('id') id: string, ...more: unknown[]): { id: string } {
    this.seen.push(more.length);
    return { id };
  }

  @Post()
  create(): string {
    return 'created';
  }
}

@Controller('mixed')
class MixedController {
  readonly seen: number[] = [];

  @Get('cached/:id')
  @Cached()
  cached(@Param('id') id: string): Promise<string> {
    return Promise.resolve(id);
  }

  @Get('plain/:id')
  plain(@Param('id') id: string, ...more: unknown[]): { id: string } {
    this.seen.push(more.length);
    return { id };
  }
}

/** All that decorators have written on a class and a handler of it. */
function metadataOf({ prototype }: { readonly prototype: object }, method: string): unknown {
  const of = (target: object, key?: string) =>
    (key === undefined ? Reflect.getMetadataKeys(target) : Reflect.getMetadataKeys(target, key)).map(
      (name: unknown) => [
        name,
        key === undefined ? Reflect.getMetadata(name, target) : Reflect.getMetadata(name, target, key),
      ],
    );
  const handler = Reflect.get(prototype, method) as object;
  return {
    ofClass: of(prototype.constructor, method),
    ofMember: of(prototype, method),
    ofHandler: of(handler),
    handler,
  };
}

const controllers = [PlainController, MixedController];
const before = [metadataOf(PlainController, 'find'), metadataOf(MixedController, 'plain')];

const headersOf = ({ headers }: Reply): string[] => Object.keys(headers).sort();

onBothPlatforms('an undecorated route', (start) => {
  it('replies with the same headers as without the module', async () => {
    const [bare, app] = [await start({ controllers, cache: false }), await start({ controllers })];
    for (const path of ['/plain/1', '/mixed/plain/1']) {
      expect(headersOf(await app.ask(path))).toEqual(headersOf(await bare.ask(path)));
    }
  });

  it('says nothing of a cache, with credentials or without', async () => {
    const app = await start({ controllers });
    for (const headers of [{}, { cookie: 'a=b' }] as Record<string, string>[]) {
      const reply = await app.ask('/mixed/plain/1', { headers });
      expect([reply.cache, reply.age]).toEqual([undefined, undefined]);
    }
    expect(app.log.warnings).toEqual([]);
  });

  it('has its metadata left as they were', async () => {
    await start({ controllers });
    expect([metadataOf(PlainController, 'find'), metadataOf(MixedController, 'plain')]).toEqual(before);
  });

  it('is called with its own parameters alone, and each time', async () => {
    const app = await start({ controllers });
    for (const path of ['/plain/1', '/plain/1', '/mixed/plain/1', '/mixed/plain/1']) await app.ask(path);
    expect([app.get(PlainController).seen, app.get(MixedController).seen]).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  it('goes through no interceptor, guard, pipe or filter that the module has added', async () => {
    const app = await start({ controllers });
    const config = app.get(ApplicationConfig);
    expect([
      config.getGlobalInterceptors(),
      config.getGlobalRequestInterceptors(),
      config.getGlobalGuards(),
      config.getGlobalPipes(),
      config.getGlobalFilters(),
    ]).toEqual([[], [], [], [], []]);
  });

  it('may be of any verb', async () => {
    const app = await start({ controllers });
    expect((await app.ask('/plain', { method: 'POST' })).text).toBe('created');
  });
});
