import {
  type CanActivate,
  Controller,
  createParamDecorator,
  type ExecutionContext,
  ForbiddenException,
  Get,
  Injectable,
  type NestMiddleware,
  Param,
  UseGuards,
} from '@nestjs/common';
import type { INestApplication } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { Cached } from '../../../lib/index.js';
import { onBothPlatforms, type RunningApp } from '../../support/http-platforms.js';

interface UserRequest {
  readonly headers: Readonly<Record<string, string | undefined>>;
  user?: { readonly name: string };
}

/** Knows the user by a header that no standard names. */
@Injectable()
class KeyGuard implements CanActivate {
  readonly revoked = new Set<string>();

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<UserRequest>();
    const name = request.headers['x-api-key'];
    if (name === undefined) return true;
    if (this.revoked.has(name)) throw new ForbiddenException();
    request.user = { name };
    return true;
  }
}

/** As Passport's and others do it, before any guard. */
@Injectable()
class SessionMiddleware implements NestMiddleware<UserRequest, unknown> {
  use(request: UserRequest, _response: unknown, next: () => void): void {
    const name = request.headers['x-session'];
    if (name !== undefined) request.user = { name };
    next();
  }
}

const CurrentUser = createParamDecorator(
  (_data: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<UserRequest>().user?.name,
);

@Injectable()
class ItemsService {
  loads = 0;

  @Cached()
  find(id: string): Promise<string> {
    this.loads++;
    return Promise.resolve(`item ${id}`);
  }
}

@Controller()
@UseGuards(KeyGuard)
class ItemsController {
  calls = 0;

  constructor(readonly items: ItemsService) {}

  @Get('items/:id')
  @Cached()
  find(@Param('id') id: string): Promise<string> {
    this.calls++;
    return Promise.resolve(`${id} for call ${this.calls}`);
  }

  @Get('me')
  @Cached()
  me(): Promise<string> {
    this.calls++;
    return Promise.resolve(`me for call ${this.calls}`);
  }

  @Get('shared/:id')
  @Cached({ shared: true })
  shared(@Param('id') id: string): Promise<string> {
    this.calls++;
    return Promise.resolve(`${id} for call ${this.calls}`);
  }

  @Get('keyed/:id')
  @Cached({ key: (id: string) => id })
  keyed(@Param('id') id: string): Promise<string> {
    this.calls++;
    return Promise.resolve(`${id} for call ${this.calls}`);
  }

  @Get('of-user')
  @Cached()
  ofUser(@CurrentUser() name: string): Promise<string> {
    this.calls++;
    return Promise.resolve(`${name} for call ${this.calls}`);
  }

  @Get('through/:id')
  @Cached()
  async through(@Param('id') id: string): Promise<string> {
    return this.items.find(id);
  }

  @Get('itself/:id')
  itself(@Param('id') id: string): Promise<string> {
    return this.find(id);
  }
}

const PARTS = { controllers: [ItemsController], providers: [ItemsService, KeyGuard] };
const CREDENTIALS = [
  { authorization: 'Bearer a' },
  { authorization: '' },
  { cookie: 'session=a' },
  { 'x-api-key': 'ann' },
] as Record<string, string>[];

onBothPlatforms('with credentials,', (start) => {
  const started = (setUp?: (app: INestApplication) => void): Promise<RunningApp> =>
    start({ ...PARTS, ...(setUp && { setUp }) });

  describe.each(CREDENTIALS)('such as %j,', (headers) => {
    it.each(['/items/1', '/me', '/keyed/1', '/of-user'])(
      'a request for %s is not served from the cache',
      async (path) => {
        const app = await started();
        const stored = await app.ask(path);
        expect(stored.cache).toBe('layercache; fwd=miss; stored');
        const own = await app.ask(path, { headers });
        expect([own.cache, own.age]).toEqual(['layercache; fwd=bypass', undefined]);
        expect(own.text).not.toBe(stored.text);
      },
    );

    it.each(['/items/1', '/me', '/keyed/1', '/of-user'])('nothing of a request for %s is stored', async (path) => {
      const app = await started();
      const own = await app.ask(path, { headers });
      const foreign = await app.ask(path);
      expect(foreign.cache).toBe('layercache; fwd=miss; stored');
      expect(foreign.text).not.toBe(own.text);
    });

    it('a reply is shared where the call site says that it may be', async () => {
      const app = await started();
      const first = await app.ask('/shared/1', { headers });
      const second = await app.ask('/shared/1');
      const third = await app.ask('/shared/1', { headers });
      expect([first.cache, second.cache, third.cache]).toEqual([
        'layercache; fwd=miss; stored',
        'layercache; hit; ttl=60',
        'layercache; hit; ttl=60',
      ]);
      expect(second.text).toBe(first.text);
    });

    it('a service that the handler calls is cached', async () => {
      const app = await started();
      for (let time = 0; time < 2; time++) await app.ask('/through/1', { headers });
      expect(app.get(ItemsService).loads).toBe(1);
    });

    it('a cached handler that another handler calls is cached', async () => {
      const app = await started();
      for (let time = 0; time < 2; time++) await app.ask('/itself/1', { headers });
      expect(app.get(ItemsController).calls).toBe(1);
    });
  });

  it('concurrent requests each run the handler', async () => {
    const app = await started();
    const replies = await Promise.all(
      ['a', 'b', 'c'].map((name) => app.ask('/items/1', { headers: { authorization: name } })),
    );
    expect(new Set(replies.map(({ text }) => text)).size).toBe(3);
  });

  it('a call site says once what happens and what the cure is', async () => {
    const app = await started();
    for (const headers of CREDENTIALS) await app.ask('/items/1', { headers });
    expect(app.log.warnings).toEqual([
      expect.stringMatching(/^ItemsController\.find is not cached for requests with .*@Cached\(\{ shared: true \}\)/),
    ]);
  });

  it('each call site says so for itself', async () => {
    const app = await started();
    for (const path of ['/items/1', '/me', '/items/2', '/me']) await app.ask(path, { headers: { cookie: 'a=b' } });
    expect(app.log.warnings.map((text) => text.split(' ')[0])).toEqual(['ItemsController.find', 'ItemsController.me']);
  });

  it('a user that a middleware has found is one too', async () => {
    const app = await started((one) => {
      const middleware = new SessionMiddleware();
      one.use((request: UserRequest, response: unknown, next: () => void) => middleware.use(request, response, next));
    });
    await app.ask('/me');
    const own = await app.ask('/me', { headers: { 'x-session': 'ann' } });
    expect([own.cache, own.text]).toEqual(['layercache; fwd=bypass', 'me for call 2']);
  });

  it('S9: a guard is asked on every hit, so that a revoked right is gone with the next request', async () => {
    const app = await started();
    const headers = { 'x-api-key': 'ann' };
    await app.ask('/shared/1', { headers });
    expect((await app.ask('/shared/1', { headers })).cache).toBe('layercache; hit; ttl=60');
    app.get(KeyGuard).revoked.add('ann');
    const refused = await app.ask('/shared/1', { headers });
    expect([refused.status, refused.cache]).toEqual([403, undefined]);
  });
});
