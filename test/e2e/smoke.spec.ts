import { Controller, Get, Injectable, Module, NotFoundException, Param } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { describe, expect, it } from '@jest/globals';
import { Cached, CacheTags, InvalidateTags, LayerCacheModule } from '../../lib/index.js';

@Injectable()
class UsersService {
  loads = 0;
  @Cached({ ttl: '5m' })
  @CacheTags('users', (id: string) => `user:${id}`)
  findOne(id: string): Promise<{ id: string }> {
    this.loads++;
    if (id === 'x') return Promise.reject(new NotFoundException('no ' + id));
    return Promise.resolve({ id });
  }
  @InvalidateTags('users')
  update(_id: string): Promise<void> {
    return Promise.resolve();
  }
}
@Controller('users')
class UsersController {
  calls = 0;
  @Get(':id')
  @Cached()
  find(@Param('id') id: string): Promise<{ id: string }> {
    this.calls++;
    return Promise.resolve({ id });
  }
  @Get()
  @Cached()
  all(): Promise<string[]> {
    this.calls++;
    return Promise.resolve(['a']);
  }
}
@Module({ imports: [LayerCacheModule.forRoot()], providers: [UsersService], controllers: [UsersController] })
class AppModule {}

describe('smoke', () => {
  it('works', async () => {
    const module = await Test.createTestingModule({ imports: [AppModule] }).compile();
    const app = module.createNestApplication();
    await app.listen(0, '127.0.0.1');
    const users = app.get(UsersService);
    expect(await users.findOne('1')).toEqual({ id: '1' });
    await users.findOne('1');
    await users.findOne('1');
    expect(users.loads).toBe(1);
    await users.update('1');
    await users.findOne('1');
    expect(users.loads).toBe(2);
    await expect(users.findOne('x')).rejects.toThrow('no x');
    await expect(users.findOne('x')).rejects.toThrow('no x');
    expect(users.loads).toBe(3);
    const url = await app.getUrl();
    for (const path of ['/users/7', '/users/7', '/users', '/users']) {
      expect((await fetch(url + path)).status).toBe(200);
    }
    expect(app.get(UsersController).calls).toBe(3);
    await app.close();
  });
});
