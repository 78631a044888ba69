import { Controller, Get, Param, Version, VersioningType } from '@nestjs/common';
import { expect, it } from '@jest/globals';
import { Cached } from '../../../lib/index.js';
import { onBothPlatforms, onlyOn } from '../../support/http-platforms.js';

abstract class ReadController {
  readonly seen: unknown[][] = [];

  abstract readonly kind: string;

  @Get('inherited/:id')
  @Cached()
  inherited(@Param('id') id: string, ...more: unknown[]): Promise<string> {
    this.seen.push([id, ...more.map((one) => typeof one)]);
    return Promise.resolve(`${this.kind} ${id}`);
  }

  @Get('overridden/:id')
  @Cached()
  overridden(@Param('id') id: string): Promise<string> {
    return Promise.resolve(`${this.kind} ${id}`);
  }
}

@Controller('cats')
class CatsController extends ReadController {
  readonly kind = 'cat';

  @Get('find/:id')
  @Cached()
  find(@Param('id') id: string): Promise<string> {
    this.seen.push([id]);
    return Promise.resolve(`cat ${id}`);
  }

  @Get('by-itself/:id')
  byItself(@Param('id') id: string): Promise<string> {
    return this.find(id);
  }

  @Get('overridden/:id')
  override overridden(@Param('id') id: string, ...more: unknown[]): Promise<string> {
    this.seen.push([id, ...more.map((one) => typeof one)]);
    return Promise.resolve(`own ${id}`);
  }
}

@Controller('dogs')
class DogsController extends ReadController {
  readonly kind = 'dog';
}

@Controller({ path: 'versions', version: '1' })
class FirstController {
  @Get()
  @Cached()
  find(): Promise<string> {
    return Promise.resolve('first');
  }

  @Get('mixed')
  @Version('2')
  @Cached()
  second(): Promise<string> {
    return Promise.resolve('second');
  }
}

@Controller({ path: 'versions', version: '2' })
class SecondController {
  @Get()
  @Cached()
  find(): Promise<string> {
    return Promise.resolve('second');
  }
}

@Controller({ path: 'hosts', host: 'a.example.com' })
class HostAController {
  @Get()
  @Cached()
  find(): Promise<string> {
    return Promise.resolve('a');
  }
}

@Controller({ path: 'hosts', host: 'b.example.com' })
class HostBController {
  @Get()
  @Cached()
  find(): Promise<string> {
    return Promise.resolve('b');
  }
}

onBothPlatforms('a decorated handler', (start) => {
  const animals = { controllers: [CatsController, DogsController] };

  it('called directly shares what its route has stored', async () => {
    const app = await start(animals);
    await app.ask('/cats/find/1');
    expect(await app.get(CatsController).find('1')).toBe('cat 1');
    expect(app.get(CatsController).seen).toEqual([['1']]);
  });

  it('gives its route what a direct call has stored', async () => {
    const app = await start(animals);
    await app.get(CatsController).find('1');
    expect((await app.ask('/cats/find/1')).cache).toBe('layercache; hit; ttl=60');
  });

  it('called by this.find() is cached, and says nothing of it in the reply', async () => {
    const app = await start(animals);
    for (let time = 0; time < 2; time++) {
      expect((await app.ask('/cats/by-itself/1')).cache).toBeUndefined();
    }
    expect(app.get(CatsController).seen).toEqual([['1']]);
  });

  it('inherited by two controllers is cached for each of its own', async () => {
    const app = await start(animals);
    const texts: string[] = [];
    for (const path of ['cats', 'dogs', 'cats', 'dogs']) texts.push((await app.ask(`/${path}/inherited/1`)).text);
    expect(texts).toEqual(['cat 1', 'dog 1', 'cat 1', 'dog 1']);
    expect([app.get(CatsController).seen, app.get(DogsController).seen]).toEqual([[['1']], [['1']]]);
  });

  it('inherited with rest parameters gets nothing but what it declared', async () => {
    const app = await start(animals);
    await app.ask('/dogs/inherited/1');
    expect(app.get(DogsController).seen).toEqual([['1']]);
  });

  it('overridden by an undecorated one leaves that alone', async () => {
    const app = await start(animals);
    for (let time = 0; time < 2; time++) {
      const reply = await app.ask('/cats/overridden/1');
      expect([reply.text, reply.cache]).toEqual(['own 1', undefined]);
    }
    expect(app.get(CatsController).seen).toEqual([['1'], ['1']]);
  });

  it.each([
    ['by URI', { type: VersioningType.URI }, '/v1/versions', '/v2/versions', {}, {}],
    [
      'by header',
      { type: VersioningType.HEADER, header: 'x-version' },
      '/versions',
      '/versions',
      { 'x-version': '1' },
      { 'x-version': '2' },
    ],
    [
      'by media type',
      { type: VersioningType.MEDIA_TYPE, key: 'v=' },
      '/versions',
      '/versions',
      { accept: 'application/json;v=1' },
      { accept: 'application/json;v=2' },
    ],
  ] as const)('is kept apart from that of another version, told %s', async (_how, options, path1, path2, one, two) => {
    const app = await start({
      controllers: [FirstController, SecondController],
      setUp: (app_) => app_.enableVersioning(options),
    });
    const texts: string[] = [];
    for (let time = 0; time < 2; time++) {
      texts.push((await app.ask(path1, { headers: { ...one } })).text);
      texts.push((await app.ask(path2, { headers: { ...two } })).text);
    }
    expect(texts).toEqual(['first', 'second', 'first', 'second']);
  });

  it('with a version of its own is cached', async () => {
    const app = await start({
      controllers: [FirstController],
      setUp: (one) => one.enableVersioning({ type: VersioningType.URI }),
    });
    await app.ask('/v2/versions/mixed');
    expect((await app.ask('/v2/versions/mixed')).cache).toBe('layercache; hit; ttl=60');
    expect((await app.ask('/v1/versions/mixed')).status).toBe(404);
  });

  it('is cached behind a global prefix, and not found without it', async () => {
    const app = await start({ ...animals, setUp: (one) => one.setGlobalPrefix('api') });
    await app.ask('/api/cats/find/1');
    expect((await app.ask('/api/cats/find/1')).cache).toBe('layercache; hit; ttl=60');
    expect((await app.ask('/cats/find/1')).status).toBe(404);
  });

  it('of several applications at once is cached in each for itself', async () => {
    const [one, two] = [await start(animals), await start(animals)];
    await one.ask('/cats/find/1');
    expect((await two.ask('/cats/find/1')).cache).toBe('layercache; fwd=miss; stored');
    expect((await one.ask('/cats/find/1')).cache).toBe('layercache; hit; ttl=60');
    await one.clock.advance(60_000);
    expect((await one.ask('/cats/find/1')).cache).toBe('layercache; fwd=miss; stored');
    expect((await two.ask('/cats/find/1')).cache).toBe('layercache; hit; ttl=60');
  });

  it('runs uncached, with its own parameters alone, in an application without the module', async () => {
    const app = await start({ controllers: [DogsController], cache: false });
    for (let time = 0; time < 2; time++) expect((await app.ask('/dogs/inherited/1')).text).toBe('dog 1');
    expect(app.get(DogsController).seen).toEqual([['1'], ['1']]);
  });
});

// Fastify's adapter does not take two handlers of one path, whatever their hosts.
onlyOn('Express', 'a decorated handler', (start) => {
  it('of one host is kept apart from that of another', async () => {
    const app = await start({ controllers: [HostAController, HostBController] });
    const texts: string[] = [];
    for (const host of ['a.example.com', 'b.example.com', 'a.example.com']) {
      texts.push((await app.ask('/hosts', { headers: { host } })).text);
    }
    expect(texts).toEqual(['a', 'b', 'a']);
    expect((await app.ask('/hosts', { headers: { host: 'c.example.com' } })).status).toBe(404);
  });
});
