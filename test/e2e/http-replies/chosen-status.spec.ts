import { Controller, Get, Res } from '@nestjs/common';
import { expect, it } from '@jest/globals';
import { Cached } from '../../../lib/index.js';
import { onBothPlatforms } from '../../support/http-platforms.js';

/** What Express's response and Fastify's have in common. */
interface Response {
  statusCode: number;
}

@Controller('cats')
class CatsController {
  @Cached({ key: () => 'all' })
  @Get()
  find(@Res({ passthrough: true }) response: Response): Promise<string> {
    response.statusCode = 203;
    return Promise.resolve('cats');
  }
}

onBothPlatforms('a cached handler that chooses the status of its reply', (start) => {
  it('replies with it each time', async () => {
    const app = await start({ controllers: [CatsController] });
    expect((await app.ask('/cats')).status).toBe(203);
    expect((await app.ask('/cats')).status).toBe(203);
  });
});
