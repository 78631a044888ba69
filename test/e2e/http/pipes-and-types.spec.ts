import { Controller, Get, Param, ValidationPipe } from '@nestjs/common';
import { IsOptional, IsString } from 'class-validator';
import { expect, it } from '@jest/globals';
import { Cached } from '../../../lib/index.js';
import { onBothPlatforms } from '../../support/http-platforms.js';

class Extra {
  @IsOptional()
  @IsString()
  text?: string;
}

@Controller('items')
class ItemsController {
  readonly seen: unknown[][] = [];

  @Get(':id')
  @Cached()
  find(@Param('id') id: string, extra?: Extra): Promise<string> {
    this.seen.push([id, extra]);
    return Promise.resolve('it');
  }
}

onBothPlatforms('a decorated handler with a parameter of its own behind the decorated ones', (start) => {
  it.each([
    { transform: true, validateCustomDecorators: true },
    { whitelist: true, forbidNonWhitelisted: true, validateCustomDecorators: true },
  ])('is cached behind a ValidationPipe(%j) that knows the type of it', async (options) => {
    const setUp = {
      setUp: (one: { useGlobalPipes(pipe: ValidationPipe): unknown }) =>
        void one.useGlobalPipes(new ValidationPipe(options)),
    };
    const app = await start({ controllers: [ItemsController], ...setUp });
    expect((await app.ask('/items/1')).status).toBe(200);
    expect((await app.ask('/items/1')).cache).toBe('layercache; hit; ttl=60');
    expect(app.get(ItemsController).seen).toEqual([['1', undefined]]);
  });
});
