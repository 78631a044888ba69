import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { Injectable, StreamableFile } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { Cached, CacheService } from '../../lib/index.js';
import { start } from '../support/applications.js';

async function* letters(): AsyncGenerator<string> {
  yield* await Promise.resolve(['a', 'b']);
}

@Injectable()
class Files {
  opened = 0;

  @Cached()
  readable(): Promise<Readable> {
    this.opened++;
    return Promise.resolve(Readable.from(['a', 'b']));
  }

  @Cached()
  web(): Promise<ReadableStream> {
    this.opened++;
    return Promise.resolve(Readable.toWeb(Readable.from(['a', 'b'])) as ReadableStream);
  }

  @Cached()
  streamable(): Promise<StreamableFile> {
    this.opened++;
    return Promise.resolve(new StreamableFile(Readable.from(['a', 'b'])));
  }

  @Cached()
  generated(): Promise<AsyncGenerator<string>> {
    this.opened++;
    return Promise.resolve(letters());
  }

  @Cached()
  iterated(): Promise<IterableIterator<string>> {
    this.opened++;
    return Promise.resolve(['a', 'b'].values());
  }

  @Cached()
  fetched(): Promise<Response> {
    this.opened++;
    return Promise.resolve(new Response('ab'));
  }

  @Cached()
  large(): Promise<Uint8Array> {
    this.opened++;
    return Promise.resolve(new Uint8Array(2 ** 21));
  }
}

/** The ways in which what these methods return is read. */
const READERS: [method: keyof Files, read: (files: Files) => Promise<string>][] = [
  ['readable', async (files) => text(await files.readable())],
  ['web', async (files) => text((await files.web()) as never)],
  ['streamable', async (files) => text((await files.streamable()).getStream())],
  ['generated', async (files) => text((await files.generated()) as never)],
  ['iterated', async (files) => [...(await files.iterated())].join('')],
];

describe('What can be read only once', () => {
  it.each(READERS)('is opened for each of many callers at once (%s)', async (_, read) => {
    const { app, logger } = await start({ providers: [Files] });
    const files = app.get(Files);
    expect(await Promise.all([read(files), read(files), read(files)])).toEqual(['ab', 'ab', 'ab']);
    expect(files.opened).toBe(3);
    expect(logger.of('warn')).toHaveLength(1);
  });

  it.each(READERS)('is opened anew for each that comes later, and never stored (%s)', async (method, read) => {
    const { app, logger } = await start({ providers: [Files] });
    const files = app.get(Files);
    expect([await read(files), await read(files)]).toEqual(['ab', 'ab']);
    expect(files.opened).toBe(2);
    expect(app.get(CacheService).stats().entries).toBe(0);
    expect(logger.of('warn')).toEqual([
      `Files.${method} returns a stream, which has one reader only: it is passed on and not cached. Remove @Cached.`,
    ]);
  });

  it('includes the reply of a fetch', async () => {
    const { app } = await start({ providers: [Files] });
    const files = app.get(Files);
    const read = async (): Promise<string> => (await files.fetched()).text();
    expect([await read(), await read()]).toEqual(['ab', 'ab']);
  });
});

describe('A large buffer', () => {
  it('that no route replies with is cached', async () => {
    const { app } = await start({ providers: [Files] });
    const files = app.get(Files);
    await files.large();
    expect((await files.large()).length).toBe(2 ** 21);
    expect(files.opened).toBe(1);
  });
});
