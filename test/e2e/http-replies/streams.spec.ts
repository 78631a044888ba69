import { Readable } from 'node:stream';
import { ReadableStream } from 'node:stream/web';
import { Controller, Get, StreamableFile } from '@nestjs/common';
import { from, Observable, of } from 'rxjs';
import { expect, it } from '@jest/globals';
import { Cached } from '../../../lib/index.js';
import { onBothPlatforms, onlyOn, type RunningApp, type Start } from '../../support/http-platforms.js';

const BODY = 'a line of the file\n'.repeat(20_000);
const LARGE = Buffer.alloc(1_048_577, 'x');

@Controller()
class FilesController {
  calls = 0;

  #stream(): Readable {
    this.calls++;
    return Readable.from([BODY.slice(0, 1_000), BODY.slice(1_000)]);
  }

  @Get('file')
  @Cached()
  async file(): Promise<StreamableFile> {
    await Promise.resolve();
    return new StreamableFile(this.#stream(), { type: 'text/plain', disposition: 'attachment; filename="file.txt"' });
  }

  @Get('bytes')
  @Cached()
  bytes(): Promise<StreamableFile> {
    this.calls++;
    return Promise.resolve(new StreamableFile(Buffer.from(BODY)));
  }

  @Get('shared')
  @Cached({ shared: true })
  shared(): Promise<StreamableFile> {
    return Promise.resolve(new StreamableFile(this.#stream()));
  }

  @Get('readable')
  @Cached()
  readable(): Promise<Readable> {
    return Promise.resolve(this.#stream());
  }

  @Get('web')
  @Cached()
  web(): Promise<ReadableStream> {
    return Promise.resolve(Readable.toWeb(this.#stream().map((text: string) => Buffer.from(text))));
  }

  @Get('large')
  @Cached()
  large(): Promise<StreamableFile | Buffer> {
    this.calls++;
    return Promise.resolve(Buffer.from(LARGE));
  }

  @Get('several')
  @Cached()
  several(): Observable<number> {
    this.calls++;
    return from([1, 2, 3]);
  }

  @Get('one')
  @Cached()
  one(): Observable<{ one: number }> {
    this.calls++;
    return of({ one: 1 });
  }

  @Get('late')
  @Cached()
  async late(): Promise<Observable<number>> {
    await Promise.resolve();
    this.calls++;
    return from([1, 2, 3]);
  }
}

/** As many at once, and one after them. */
async function replies(app: RunningApp, path: string) {
  const atOnce = await Promise.all(Array.from({ length: 5 }, () => app.ask(path)));
  return [...atOnce, await app.ask(path)];
}

const controllers = [FilesController];

function itPassesOn(start: Start, path: string): void {
  it(`gives each of many clients all of ${path}`, async () => {
    const app = await start({ controllers });
    for (const reply of await replies(app, path)) {
      expect([reply.status, reply.text.length, reply.text === BODY]).toEqual([200, BODY.length, true]);
    }
    expect(app.get(FilesController).calls).toBe(6);
  });

  it(`warns once that ${path} is not cached`, async () => {
    const app = await start({ controllers });
    await replies(app, path);
    expect(app.log.warnings).toEqual([expect.stringMatching(/^FilesController\.\w+ returns a stream.*Remove @Cached/)]);
  });

  it(`says of ${path} nothing of a hit or of something stored`, async () => {
    const app = await start({ controllers });
    for (const { cache, age } of await replies(app, path)) {
      expect(cache).toMatch(/^layercache; fwd=(miss|bypass)$/);
      expect(age).toBeUndefined();
    }
  });
}

onBothPlatforms('a decorated handler that streams', (start) => {
  for (const path of ['/file', '/bytes', '/shared']) itPassesOn(start, path);

  it('keeps the headers of its file', async () => {
    const app = await start({ controllers });
    for (const { headers } of await replies(app, '/file')) {
      expect([headers['content-type'], headers['content-disposition']]).toEqual([
        'text/plain',
        'attachment; filename="file.txt"',
      ]);
    }
  });
});

onlyOn('Fastify', 'a decorated handler that streams', (start) => {
  for (const path of ['/readable', '/web']) itPassesOn(start, path);

  it('sends each of many clients all of a large buffer', async () => {
    const app = await start({ controllers });
    for (const reply of await replies(app, '/large')) expect(reply.bytes.equals(LARGE)).toBe(true);
  });
});

onBothPlatforms('a decorated handler', (start) => {
  it('does not keep a large buffer, and warns once', async () => {
    const app = await start({ controllers });
    for (const { status, cache } of await replies(app, '/large')) {
      expect([status, cache]).toEqual([200, 'layercache; fwd=miss']);
    }
    expect(app.log.warnings).toEqual([
      expect.stringMatching(/^FilesController\.large returns more than 1048576 bytes/),
    ]);
  });

  it.each([
    ['/several', 'does not emit one value and complete'],
    ['/late', 'returns a stream'],
  ])('gives each client the last value of %s, warns once, and is not cached', async (path, warning) => {
    const app = await start({ controllers });
    for (const { status, text, age } of await replies(app, path)) {
      expect([status, text, age]).toEqual([200, '3', undefined]);
    }
    expect(app.get(FilesController).calls).toBe(6);
    expect(app.log.warnings).toEqual([expect.stringContaining(warning)]);
  });

  it('of one value by an Observable is cached', async () => {
    const app = await start({ controllers });
    for (const { text } of await replies(app, '/one')) expect(text).toBe('{"one":1}');
    expect(app.get(FilesController).calls).toBe(1);
    expect(app.log.warnings).toEqual([]);
  });
});
