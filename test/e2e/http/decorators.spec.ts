import {
  applyDecorators,
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  Injectable,
  Param,
  SetMetadata,
  UseGuards,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { expect, it } from '@jest/globals';
import { Cached, CacheTags } from '../../../lib/index.js';
import { onBothPlatforms } from '../../support/http-platforms.js';

@Injectable()
class RoleGuard implements CanActivate {
  asked = 0;

  constructor(readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    this.asked++;
    return this.reflector.get<string>('role', context.getHandler()) === 'reader';
  }
}

/** Counts calls as any decorator of a project's own may. */
function Counting(counter: { calls: number }): MethodDecorator {
  return (_prototype, _method, descriptor: PropertyDescriptor) => {
    const original = descriptor.value as (...args: unknown[]) => unknown;
    descriptor.value = function (this: unknown, ...args: unknown[]): unknown {
      counter.calls++;
      return original.apply(this, args);
    };
    for (const key of Reflect.getMetadataKeys(original) as unknown[]) {
      Reflect.defineMetadata(key, Reflect.getMetadata(key, original), descriptor.value as object);
    }
  };
}

const CachedItem = () =>
  applyDecorators(Cached({ ttl: '10s' }) as MethodDecorator, CacheTags('items') as MethodDecorator);
const above = { calls: 0 };
const below = { calls: 0 };

@Controller()
@UseGuards(RoleGuard)
class ItemsController {
  calls = 0;

  @SetMetadata('role', 'reader')
  @Get('above/:id')
  @Cached({ ttl: '10s' })
  above(@Param('id') id: string): Promise<string> {
    this.calls++;
    return Promise.resolve(id);
  }

  @Cached({ ttl: '10s' })
  @Get('below/:id')
  @SetMetadata('role', 'reader')
  below(@Param('id') id: string): Promise<string> {
    this.calls++;
    return Promise.resolve(id);
  }

  @Get('forbidden')
  @Cached({ ttl: '10s' })
  forbidden(): Promise<string> {
    this.calls++;
    return Promise.resolve('never');
  }

  @Get('counted')
  @SetMetadata('role', 'reader')
  @Counting(above)
  @Cached({ ttl: '10s' })
  @Counting(below)
  counted(): Promise<string> {
    this.calls++;
    return Promise.resolve('counted');
  }

  @Get('composed/:id')
  @SetMetadata('role', 'reader')
  @CachedItem()
  composed(@Param('id') id: string): Promise<string> {
    this.calls++;
    return Promise.resolve(id);
  }
}

onBothPlatforms('among other decorators, @Cached', (start) => {
  const parts = { controllers: [ItemsController], providers: [RoleGuard] };

  it.each(['/above/1', '/below/1', '/composed/1'])('caches %s, whose guard is asked each time', async (path) => {
    const app = await start(parts);
    await app.ask(path);
    const reply = await app.ask(path);
    expect([reply.status, reply.text, reply.cache]).toEqual([200, '1', 'layercache; hit; ttl=10']);
    expect([app.get(ItemsController).calls, app.get(RoleGuard).asked]).toEqual([1, 2]);
  });

  it('never runs or caches what a guard refuses', async () => {
    const app = await start(parts);
    const reply = await app.ask('/forbidden');
    expect([reply.status, reply.cache, app.get(ItemsController).calls]).toEqual([403, undefined, 0]);
  });

  it('runs those above it on every call, and those below it on a miss', async () => {
    const app = await start(parts);
    const before = { above: above.calls, below: below.calls };
    for (let time = 0; time < 3; time++) await app.ask('/counted');
    expect([above.calls - before.above, below.calls - before.below]).toEqual([3, 1]);
  });
});
