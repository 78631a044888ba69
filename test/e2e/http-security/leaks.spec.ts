import { Controller, Get, Headers, NotFoundException, Param, Post, Query } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { Cached, CacheService, CacheTags, InvalidateTags } from '../../../lib/index.js';
import { onBothPlatforms, type Reply, type RunningApp } from '../../support/http-platforms.js';

const CANARY = 'canary-5e1f0c';

@Controller()
class SecretsController {
  fails = false;

  @Get('plain/:id')
  @Cached({ staleIfError: '1h' })
  @CacheTags((id: string) => `tag ${id}`)
  plain(@Param('id') id: string, @Headers('x-token') _token?: string): Promise<{ id: string; value: string }> {
    return this.fails ? Promise.reject(new Error('down')) : Promise.resolve({ id, value: 'value' });
  }

  @Get('private')
  @Cached()
  private(): Promise<string> {
    return Promise.resolve('mine');
  }

  @Get('missing/:id')
  @Cached()
  missing(@Param('id') _id: string): Promise<never> {
    return Promise.reject(new NotFoundException('nothing'));
  }

  @Get('refused')
  @Cached()
  refused(@Query() query: Record<string, unknown>): Promise<string> {
    return Promise.resolve(Object.keys(query).join(','));
  }

  @Get('bad-tag/:id')
  @Cached()
  @CacheTags((id: string) => [id, ''])
  badTag(@Param('id') id: string): Promise<string> {
    return Promise.resolve(id);
  }

  @Get('bad-key/:id')
  @Cached({ key: (id: string) => ({ id, run: () => id }) })
  badKey(@Param('id') id: string): Promise<string> {
    return Promise.resolve(id);
  }

  @Get('bad-adapt/:id')
  @Cached({ adapt: (id: string) => ({ ttl: id as '1s' }) })
  badAdapt(@Param('id') id: string): Promise<string> {
    return Promise.resolve(id);
  }

  @Get('bad-should/:id')
  @Cached({
    shouldCache: () => {
      throw new Error('shouldCache is broken');
    },
  })
  badShould(@Param('id') id: string): Promise<string> {
    return Promise.resolve(id);
  }

  @Post('change/:id')
  @InvalidateTags((id: string) => `tag ${id}`)
  @InvalidateTags.ofResult(() => '')
  change(@Param('id') id: string): Promise<string> {
    return Promise.resolve(id);
  }
}

const PATHS = ['plain', 'missing', 'bad-tag', 'bad-key', 'bad-adapt', 'bad-should'];

/** Everything that can be brought about from outside with one text in every place there is. */
async function provoke(app: RunningApp, text: string): Promise<Reply[]> {
  const replies: Reply[] = [];
  const inPath = encodeURIComponent(text);
  const headers = { 'x-token': CANARY };
  for (const path of PATHS) {
    for (let time = 0; time < 2; time++) replies.push(await app.ask(`/${path}/${inPath}`, { headers }));
  }
  replies.push(await app.ask('/private', { headers: { authorization: CANARY, cookie: CANARY } }));
  replies.push(await app.ask(`/refused?${inPath}=${inPath}`));
  replies.push(await app.ask(`/change/${inPath}`, { method: 'POST' }));
  await app.clock.advance(61_000);
  app.get(SecretsController).fails = true;
  replies.push(await app.ask(`/plain/${inPath}`, { headers }));
  return replies;
}

const controllers = [SecretsController];

onBothPlatforms('what a caller sends', (start) => {
  it('S25: is in no log line of the cache', async () => {
    const app = await start({ controllers });
    await provoke(app, CANARY);
    expect(app.log.ours.length).toBeGreaterThan(4);
    expect(app.log.ours.filter((line) => line.includes(CANARY))).toEqual([]);
  });

  it('S25: is in no header of a reply', async () => {
    const app = await start({ controllers });
    for (const { headers } of await provoke(app, CANARY)) expect(JSON.stringify(headers)).not.toContain(CANARY);
  });

  it('S25: is in no reply to a failure', async () => {
    const app = await start({ controllers });
    const failures = (await provoke(app, CANARY)).filter(({ status }) => status >= 400);
    expect(failures.length).toBeGreaterThan(0);
    for (const { text } of failures) expect(text).not.toContain(CANARY);
  });

  it('S25: is in no error of the cache', async () => {
    const app = await start({ controllers });
    const cache = app.get(CacheService);
    const load = (): never => {
      throw new Error('never to be called');
    };
    const errors: unknown[] = [];
    const note = (error: unknown): void => void errors.push(error);
    await cache.getOrSet('', load).catch(note);
    await cache.invalidateTags(CANARY, '').catch(note);
    await cache.set(CANARY, CANARY, { tags: [CANARY, ''] }).catch(note);
    const pitfall = { [CANARY]: () => CANARY };
    await cache.evict(SecretsController, 'missing', [pitfall as never]).catch(note);
    expect(errors.length).toBeGreaterThan(1);
    for (const error of errors) {
      const { message, stack } = error as Error;
      expect(`${message} ${stack} ${JSON.stringify(error)}`).not.toContain(CANARY);
    }
  });

  describe.each([
    ['CR LF', 'a\r\n[Nest] ERROR forged'],
    ['ANSI', 'a\u001b[2J\u001b[31mred\u009b2K'],
    ['line separators', 'a\u2028b\u2029c\u0085d'],
    ['7 KB', 'x'.repeat(7_000)],
  ])('of %s', (_kind, text) => {
    it('S27: makes of a log line neither two nor a long one', async () => {
      const app = await start({ controllers });
      await provoke(app, text);
      expect(app.log.ours.length).toBeGreaterThan(1);
      for (const line of app.log.ours) {
        // oxlint-disable-next-line no-control-regex
        expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/);
        expect(Buffer.byteLength(line)).toBeLessThanOrEqual(4_096);
      }
    });
  });

  it.each([
    ['a thrown text of 1 MB', 'x'.repeat(1_048_576)],
    ['a thrown forgery', 'down\r\n[Nest] ERROR forged \u001b[2J'],
  ])('S27: as %s makes one short line', async (_what, message) => {
    const app = await start({ controllers });
    const cache = app.get(CacheService);
    const policy = { ttl: '1s', staleWhileRevalidate: '1h' } as const;
    await cache.getOrSet('a', () => 1, policy);
    await app.clock.advance(2_000);
    await cache.getOrSet('a', () => Promise.reject(new Error(message)), policy);
    await app.clock.advance(0);
    expect(app.log.errors).toHaveLength(1);
    // oxlint-disable-next-line no-control-regex
    expect(app.log.errors[0]).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
    expect(Buffer.byteLength(app.log.errors[0] ?? '')).toBeLessThanOrEqual(4_096);
  });
});
