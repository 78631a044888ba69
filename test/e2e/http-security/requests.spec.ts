import { Controller, Get, Headers, Param, Post, Query, UseInterceptors } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { Cached, LayerCacheInterceptor } from '../../../lib/index.js';
import { onBothPlatforms } from '../../support/http-platforms.js';

@Controller()
class DecoratedController {
  calls = 0;

  @Get('me')
  @Cached()
  me(): Promise<string> {
    this.calls++;
    return Promise.resolve(`private of call ${this.calls}`);
  }

  @Get('me/*')
  @Cached()
  below(): Promise<string> {
    this.calls++;
    return Promise.resolve(`private below of call ${this.calls}`);
  }

  @Get('search')
  @Cached()
  search(@Query('q') q: string): Promise<string> {
    this.calls++;
    return Promise.resolve(`${q} in call ${this.calls}`);
  }

  @Get('items/:id')
  @Cached()
  find(@Param('id') id: string, @Headers('accept-language') language?: string): Promise<string> {
    this.calls++;
    return Promise.resolve(`${id} ${language}`);
  }
}

@Controller()
@UseInterceptors(LayerCacheInterceptor)
class InterceptedController {
  calls = 0;

  @Get('me')
  me(): string {
    this.calls++;
    return `private of call ${this.calls}`;
  }

  @Get('me/*')
  below(): string {
    this.calls++;
    return `private below of call ${this.calls}`;
  }

  @Get('search')
  search(@Query('q') q: string): string {
    this.calls++;
    return `${q} in call ${this.calls}`;
  }

  @Post('search')
  post(): string {
    return 'posted';
  }
}

const CONTROLLERS = [DecoratedController, InterceptedController];
const DECEPTIVE = [
  '/me/x.css',
  '/me;.js',
  '/me.css',
  '/me%2fx.css',
  '/me%2f..',
  '/me/..%2fstatic%2fx.css',
  '//me',
  '/ME',
  '/me.',
  '/me/',
  '/me/.',
  '/me%00.css',
  '/me%3Fx.css',
  '/me%23x.css',
  '/me?x.css',
  '/static/..%2fme',
  '/./me',
];
const MISLEADING: Record<string, string>[] = [
  { 'x-http-method-override': 'POST' },
  { 'x-original-url': '/other' },
  { 'x-rewrite-url': '/other' },
  { 'x-forwarded-host': 'evil.example.com' },
  { 'x-forwarded-proto': 'gopher' },
  { range: 'bytes=0-1' },
  { 'cache-control': 'no-cache' },
  { pragma: 'no-cache' },
  { 'if-none-match': '*x*' },
  { 'x-meta': 'a\tb' },
];

onBothPlatforms('a request from outside', (start) => {
  describe.each(CONTROLLERS)('to %p', (controller) => {
    it.each(['authorization', 'cookie'])('S1: with %s is neither stored nor served from the cache', async (header) => {
      const app = await start({ controllers: [controller] });
      const headers = { [header]: 'of ann' };
      const own = await app.ask('/me', { headers });
      const foreign = await app.ask('/me');
      const again = await app.ask('/me', { headers });
      expect(new Set([own.text, foreign.text, again.text]).size).toBe(3);
    });

    it.each(DECEPTIVE)('S6: for %s shows an attacker nothing that a victim was lured to', async (path) => {
      const app = await start({ controllers: [controller] });
      const victim = await app.ask(path, { headers: { cookie: 'session=of-victim' } });
      const attacker = await app.ask(path);
      const isShown = victim.status === 200 && attacker.text === victim.text;
      expect(isShown).toBe(false);
      expect(victim.cache ?? 'layercache; fwd=bypass').toBe('layercache; fwd=bypass');
    });

    it.each(MISLEADING)('S7: with %j is answered as any other, and changes nothing for them', async (headers) => {
      const app = await start({ controllers: [controller] });
      const odd = await app.ask('/search?q=1', { headers });
      const plain = await app.ask('/search?q=1');
      expect([odd.status, odd.text, plain.status, plain.text]).toEqual([200, '1 in call 1', 200, '1 in call 1']);
      expect((await app.ask('/search?q=1', { headers })).text).toBe('1 in call 1');
    });

    it('S7: with headers too large leaves nothing behind', async () => {
      const app = await start({ controllers: [controller] });
      const refused = await app.ask('/search?q=1', { headers: { 'x-large': 'x'.repeat(64 * 1024) } });
      expect(refused.status).toBe(431);
      const plain = await app.ask('/search?q=1');
      expect([plain.status, plain.text]).toEqual([200, '1 in call 1']);
    });

    it('S5: cannot change by a header that nobody declared what others get', async () => {
      const app = await start({ controllers: [controller] });
      await app.ask('/search?q=1', { headers: { 'x-theme': '<script>', 'accept-language': 'xx' } });
      expect((await app.ask('/search?q=1')).text).toBe('1 in call 1');
    });

    it('S5: with a query of several forms gets the reply of its own', async () => {
      const app = await start({ controllers: [controller] });
      for (const q of ['a', 'a&x=1', 'a%26x=1', 'a%00', 'a;b', 'A', '']) {
        const reply = await app.ask(`/search?q=${q}`);
        const value = new URLSearchParams(`q=${q}`).get('q') ?? '';
        expect(reply.text.startsWith(`${value} in call`)).toBe(true);
      }
    });
  });

  it('S3: is answered by a header that it varies by, for the header is in the key', async () => {
    const app = await start({ controllers: [DecoratedController] });
    const texts: string[] = [];
    for (const language of ['de', 'fr', 'de']) {
      texts.push((await app.ask('/items/1', { headers: { 'accept-language': language } })).text);
    }
    expect(texts).toEqual(['1 de', '1 fr', '1 de']);
    expect(app.get(DecoratedController).calls).toBe(2);
  });

  it('S4: of another verb is never answered from the cache', async () => {
    const app = await start({ controllers: [InterceptedController] });
    await app.ask('/search?q=1');
    const posted = await app.ask('/search?q=1', { method: 'POST' });
    expect([posted.status, posted.text, posted.cache]).toEqual([201, 'posted', undefined]);
  });

  it('S4: by HEAD leaves a GET its body', async () => {
    const app = await start({ controllers: [InterceptedController] });
    await app.ask('/search?q=1', { method: 'HEAD' });
    expect((await app.ask('/search?q=1')).text).toMatch(/^1 in call/);
  });

  it('S10: of two argument lists that look alike gets two replies', async () => {
    const app = await start({ controllers: [DecoratedController] });
    const forms = ['1', '1%20', '%271', '1%2Cundefined', '%7B%7D', '%5B1%5D', '1%29', '%221%22', '#', 'null'];
    for (const form of forms) {
      const reply = await app.ask(`/items/${encodeURI(form).replaceAll('%25', '%').replace('#', '%23')}`);
      expect(reply.cache).toBe('layercache; fwd=miss; stored');
    }
    expect(app.get(DecoratedController).calls).toBe(forms.length);
  });

  it('S11: cannot reach by the digest of a long argument what was stored for it', async () => {
    const app = await start({ controllers: [DecoratedController] });
    const long = 'x'.repeat(90);
    await app.ask(`/search?q=${long.repeat(5)}`);
    expect((await app.ask(`/search?q=${long.repeat(5)}`)).cache).toBe('layercache; hit; ttl=60');
    const { createHash } = await import('node:crypto');
    const digest = createHash('sha256')
      .update(`'${long.repeat(5)}`)
      .digest('base64url');
    for (const form of [digest, `#${digest}`, `'#${digest}`]) {
      const reply = await app.ask(`/search?q=${encodeURIComponent(form)}`);
      expect(reply.cache).toBe('layercache; fwd=miss; stored');
    }
  });
});
