import {
  type ArgumentMetadata,
  Controller,
  createParamDecorator,
  Get,
  Param,
  type PipeTransform,
  ValidationPipe,
} from '@nestjs/common';
import { IsString } from 'class-validator';
import { expect, it } from '@jest/globals';
import { Cached } from '../../../lib/index.js';
import { onBothPlatforms } from '../../support/http-platforms.js';

class Extra {
  @IsString()
  text = '';
}

const Nothing = createParamDecorator(() => undefined);

@Controller('items')
class ItemsController {
  calls = 0;
  readonly seen: unknown[][] = [];

  #note(...args: unknown[]): Promise<string> {
    this.calls++;
    this.seen.push(args.map((arg) => (typeof arg === 'object' ? 'an object' : arg)));
    return Promise.resolve('it');
  }

  @Get('plain/:id')
  @Cached()
  plain(@Param('id') id: string) {
    return this.#note(id);
  }

  @Get('shared/:id')
  @Cached({ shared: true })
  shared(@Param('id') id: string, limit = 10) {
    return this.#note(id, limit);
  }

  @Get('optional/:id')
  @Cached()
  optional(@Param('id') id: string, limit = 10) {
    return this.#note(id, limit);
  }

  @Get('extra/:id')
  @Cached()
  extra(@Param('id') id: string, extra?: Extra) {
    return this.#note(id, extra);
  }

  @Get('rest/:id')
  @Cached()
  rest(@Param('id') id: string, ...more: string[]) {
    return this.#note(id, ...more);
  }

  @Get('gap/:id')
  @Cached()
  gap(first: string | undefined, @Param('id') id: string) {
    return this.#note(first, id);
  }

  @Get('nothing/:id')
  @Cached()
  nothing(@Param('id') id: string, @Nothing() none: undefined) {
    return this.#note(id, none);
  }
}

/** Passes on a copy of everything, and thereby loses what only an object can be. */
class CopyingPipe implements PipeTransform {
  transform(value: unknown): unknown {
    return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
  }
}

class ShallowPipe implements PipeTransform {
  transform(value: unknown): unknown {
    return typeof value === 'object' ? { ...value } : value;
  }
}

class BlankPipe implements PipeTransform {
  transform(value: unknown): unknown {
    return typeof value === 'object' ? undefined : value;
  }
}

class TypeNotingPipe implements PipeTransform {
  readonly ofCustom: unknown[] = [];

  transform(value: unknown, { type, metatype }: ArgumentMetadata): unknown {
    if (type === 'custom') this.ofCustom.push(metatype);
    return value;
  }
}

const VALIDATIONS = [
  { transform: true },
  { whitelist: true },
  { forbidUnknownValues: true },
  { transform: true, validateCustomDecorators: true },
  { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true, validateCustomDecorators: true },
  {
    transform: true,
    transformOptions: { enableImplicitConversion: true },
    whitelist: true,
    validateCustomDecorators: true,
  },
];
const HOSTILE = [CopyingPipe, ShallowPipe, BlankPipe];
const controllers = [ItemsController];

onBothPlatforms('behind global pipes, a decorated handler', (start) => {
  it.each(VALIDATIONS)('is cached with ValidationPipe(%j)', async (options) => {
    const app = await start({ controllers, setUp: (one) => one.useGlobalPipes(new ValidationPipe(options)) });
    for (const handler of ['plain', 'optional', 'rest', 'gap', 'nothing']) {
      const first = await app.ask(`/items/${handler}/1`);
      const second = await app.ask(`/items/${handler}/1`);
      expect([handler, first.cache, second.cache]).toEqual([
        handler,
        'layercache; fwd=miss; stored',
        'layercache; hit; ttl=60',
      ]);
    }
    expect(app.log.warnings).toEqual([]);
  });

  it('shows a pipe no type of its own parameters for what it adds to them', async () => {
    const types = new TypeNotingPipe();
    const app = await start({ controllers, setUp: (one) => one.useGlobalPipes(types) });
    await app.ask('/items/extra/1');
    expect(types.ofCustom).not.toContain(Extra);
  });

  it.each(HOSTILE)('runs uncached where %p replaces every value', async (pipe) => {
    const app = await start({ controllers, setUp: (one) => one.useGlobalPipes(new pipe()) });
    for (let time = 0; time < 3; time++) {
      const reply = await app.ask('/items/plain/1');
      expect([reply.status, reply.text]).toEqual([200, 'it']);
    }
    expect(app.get(ItemsController).calls).toBe(3);
  });

  it.each(HOSTILE)('warns once, and names itself, where %p replaces every value', async (pipe) => {
    const app = await start({ controllers, setUp: (one) => one.useGlobalPipes(new pipe()) });
    for (let time = 0; time < 3; time++) await app.ask('/items/plain/1');
    expect(app.log.warnings).toEqual([
      expect.stringMatching(/^ItemsController\.plain .*pipe.*metadata\.type 'custom'/),
    ]);
  });

  it.each(HOSTILE)('gets nothing but its own parameters where %p replaces every value', async (pipe) => {
    const app = await start({ controllers, setUp: (one) => one.useGlobalPipes(new pipe()) });
    await app.ask('/items/optional/1');
    await app.ask('/items/shared/1');
    expect(app.get(ItemsController).seen).toEqual([
      ['1', 10],
      ['1', 10],
    ]);
  });

  it('gets its defaults for parameters behind the decorated ones', async () => {
    const app = await start({ controllers });
    await app.ask('/items/optional/1');
    expect(app.get(ItemsController).seen).toEqual([['1', 10]]);
  });

  it('gets no rest parameters', async () => {
    const app = await start({ controllers });
    await app.ask('/items/rest/1');
    expect(app.get(ItemsController).seen).toEqual([['1']]);
  });

  it('is cached by what is in its rest parameters when it is called directly', async () => {
    const app = await start({ controllers });
    const items = app.get(ItemsController);
    for (const more of ['a', 'b', 'a']) await items.rest('1', more);
    expect(items.seen).toEqual([
      ['1', 'a'],
      ['1', 'b'],
    ]);
    expect(app.log.warnings).toEqual([]);
  });

  it('is cached when it is called directly with a parameter behind the decorated ones', async () => {
    const app = await start({ controllers });
    const items = app.get(ItemsController);
    for (const limit of [20, 30, 20]) await items.optional('1', limit);
    expect(items.seen).toEqual([
      ['1', 20],
      ['1', 30],
    ]);
    expect(app.log.warnings).toEqual([]);
  });
});
