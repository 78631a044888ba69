import { Injectable, NotFoundException } from '@nestjs/common';
import { Cached, CacheTags, InvalidateTags } from 'nestjs-layercache';

export interface User {
  readonly id: string;
  readonly name: string;
  readonly since: Date;
}

/** Several decorated methods, in a class and in what it extends: every instance gets the means to find its cache once. */
export abstract class Counting {
  counted = 0;

  @Cached()
  count(): Promise<number> {
    return Promise.resolve(++this.counted);
  }
}

@Injectable()
export class UsersService extends Counting {
  readonly calls: string[] = [];
  readonly names = new Map([['1', 'Ada']]);
  gate: Promise<void> = Promise.resolve();

  @Cached({ ttl: '5m', staleWhileRevalidate: '30s' })
  @CacheTags('users', (id: string) => `user:${id}`)
  async find(id: string): Promise<User> {
    this.calls.push(`find ${id}`);
    await this.gate;
    const name = this.names.get(id);
    if (name === undefined) throw new NotFoundException(`no user ${id}`);
    return { id, name, since: new Date(0) };
  }

  @InvalidateTags((id: string) => `user:${id}`)
  rename(id: string, name: string): Promise<void> {
    this.names.set(id, name);
    return Promise.resolve();
  }
}

@Injectable()
export class OrdersService extends Counting {
  override counted = 100;
}
