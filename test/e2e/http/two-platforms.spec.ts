import { Controller, Get, Param, UseInterceptors } from '@nestjs/common';
import { expect, it } from '@jest/globals';
import { Cached, LayerCacheInterceptor } from '../../../lib/index.js';
import { onBothAtOnce } from '../../support/http-platforms.js';

@Controller('items')
class ItemsController {
  calls = 0;

  @Get('decorated/:id')
  @Cached()
  decorated(@Param('id') id: string): Promise<string> {
    this.calls++;
    return Promise.resolve(id);
  }

  @Get('plain')
  @UseInterceptors(LayerCacheInterceptor)
  plain(): string {
    this.calls++;
    return 'plain';
  }
}

onBothAtOnce('the same application at once', (starts) => {
  const startAll = () => Promise.all([...starts, ...starts].map((start) => start({ controllers: [ItemsController] })));

  it.each(['/items/decorated/1', '/items/plain'])('caches %s in each for itself', async (path) => {
    const apps = await startAll();
    for (const app of apps) expect((await app.ask(path)).cache).toBe('layercache; fwd=miss; stored');
    for (const app of apps) expect((await app.ask(path)).cache).toBe('layercache; hit; ttl=60');
    for (const app of apps) expect(app.get(ItemsController).calls).toBe(1);
  });

  it('goes on in the others when one is closed', async () => {
    const [first, ...others] = await startAll();
    for (const app of others) await app.ask('/items/decorated/1');
    await first?.app.close();
    for (const app of others) expect((await app.ask('/items/decorated/1')).cache).toBe('layercache; hit; ttl=60');
  });
});
