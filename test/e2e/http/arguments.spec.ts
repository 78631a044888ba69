import 'reflect-metadata';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { expect, it } from '@jest/globals';
import { Cached } from '../../../lib/index.js';
import { ROUTE_ARGUMENTS } from '../../../lib/nest/nest-metadata.js';
import { onBothPlatforms, type Start } from '../../support/http-platforms.js';

/** Made anew for each test: an application at its start may write on the classes it has. */
function controllers() {
  @Controller('cats')
  class CatsController {
    @Cached({ shared: true })
    @Get('rest/:id')
    rest(@Param('id') id: string, ...more: unknown[]): Promise<string> {
      return Promise.resolve([id, ...more].join());
    }

    @Cached()
    @Get('one/:id')
    one(@Param('id') id: string): Promise<string> {
      return Promise.resolve(`cat ${id}`);
    }

    @Cached()
    @Get('few/:id')
    few(@Param('id') id: string): Promise<string> {
      return Promise.resolve(`cat ${id}`);
    }
  }
  return CatsController;
}

async function startCats(start: Start) {
  const Cats = controllers();
  const app = await start({ controllers: [Cats] });
  return { Cats, app, cats: app.get(Cats) };
}

onBothPlatforms('a cached handler called directly', (start) => {
  it('gets all of several rest arguments, and is cached by them', async () => {
    const { cats } = await startCats(start);
    expect(await cats.rest('1', 'a', 'b')).toBe('1,a,b');
    expect(await cats.rest('1', 'a', 'c')).toBe('1,a,c');
    expect(await cats.rest('1')).toBe('1');
  });

  it('gets what it takes behind its declared parameters, though the compiler emitted no types', async () => {
    @Controller('dogs')
    class DogsController {
      @Cached({ shared: true })
      @Get(':id')
      find(@Param('id') id: string, limit = 10): Promise<string> {
        return Promise.resolve(`${id}, ${limit}`);
      }
    }
    Reflect.deleteMetadata('design:paramtypes', DogsController.prototype, 'find');
    const app = await start({ controllers: [DogsController] });
    expect(await app.get(DogsController).find('1', 20)).toBe('1, 20');
    expect(await app.get(DogsController).find('1')).toBe('1, 10');
  });
});

onBothPlatforms('a handler that overrides a cached one of a controller which runs already', (start) => {
  it('gets all its parameters, and is cached by them', async () => {
    const { Cats } = await startCats(start);
    @Controller('own-cats')
    class OwnCatsController extends Cats {
      @Cached()
      @Get('rest/:id')
      override rest(@Param('id') id: string, @Query('q') q?: string): Promise<string> {
        return Promise.resolve(`own ${id} ${q}`);
      }
    }
    const app = await start({ controllers: [OwnCatsController] });
    expect((await app.ask('/own-cats/rest/1?q=a')).text).toBe('own 1 a');
    expect((await app.ask('/own-cats/rest/1?q=b')).text).toBe('own 1 b');
    expect((await app.ask('/own-cats/rest/1?q=b')).cache).toBe('layercache; hit; ttl=60');
  });

  it('has one parameter more than it declares, however often it starts', async () => {
    const { Cats } = await startCats(start);
    @Controller('own-cats')
    class OwnCatsController extends Cats {
      @Cached()
      @Get('rest/:id')
      override rest(@Param('id') id: string, @Query('q') q?: string, @Query('p') p?: string): Promise<string> {
        return Promise.resolve(`own ${id} ${q} ${p}`);
      }
    }
    for (const _start of [1, 2]) await start({ controllers: [OwnCatsController] });
    const declared = Reflect.getMetadata(ROUTE_ARGUMENTS, OwnCatsController, 'rest') as object;
    expect(Object.keys(declared)).toHaveLength(4);
  });

  it('without @Cached gets what it declares, and nothing else', async () => {
    const { Cats } = await startCats(start);
    @Controller('own-cats')
    class OwnCatsController extends Cats {
      @Get('one/:id')
      override one(@Param('id') id: string, @Query('q') q?: string): Promise<string> {
        return Promise.resolve(`own ${id} ${q}`);
      }

      @Get('few/:id')
      override few(@Param('id') id: string, ...more: unknown[]): Promise<string> {
        return Promise.resolve(`own ${id}, and ${more.length}`);
      }
    }
    const app = await start({ controllers: [OwnCatsController] });
    expect((await app.ask('/own-cats/one/1?q=a')).text).toBe('own 1 a');
    expect((await app.ask('/own-cats/few/1')).text).toBe('own 1, and 0');
  });
});

onBothPlatforms('a handler that overrides a cached one beside it', (start) => {
  it('without decorators on its parameters gets what it declares, and nothing else', async () => {
    const Cats = controllers();
    @Controller('own-cats')
    class OwnCatsController extends Cats {
      @Get('few/:id')
      override few(id: string, ...more: unknown[]): Promise<string> {
        return Promise.resolve(`own ${id}, and ${more.length}`);
      }
    }
    const app = await start({ controllers: [Cats, OwnCatsController] });
    expect((await app.ask('/own-cats/few/1')).text).toBe('own 1, and 0');
  });
});
