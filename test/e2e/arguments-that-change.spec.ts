import { Injectable } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { Cached } from '../../lib/index.js';
import { start } from '../support/applications.js';
import { settle, Source } from '../support/source.js';

@Injectable()
class Pages {
  readonly source = new Source<number>();

  @Cached()
  slow(): Promise<number> {
    return this.source.load({} as never);
  }

  @Cached()
  find(filter: { page: number }): Promise<string> {
    return Promise.resolve(`page ${filter.page}`);
  }
}

describe('An argument that is changed while its call waits for its turn to load', () => {
  it('leaves nothing wrong under the key of what it was', async () => {
    const { app } = await start({ providers: [Pages] }, { loads: 1 });
    const pages = app.get(Pages);
    const slow = pages.slow();
    const filter = { page: 1 };
    const waiting = pages.find(filter);
    filter.page = 2;
    await settle();
    pages.source.answer(1);
    await Promise.all([slow, waiting]);
    expect(await pages.find({ page: 1 })).toBe('page 1');
  });
});
