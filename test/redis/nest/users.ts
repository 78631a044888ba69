import { Injectable } from '@nestjs/common';
import { Cached, CacheTags, InvalidateTags } from '../../../lib/index.js';

/** What a service does with its database, which all its processes share. */
@Injectable()
export class Users {
  static names = new Map<string, string>();
  loads = 0;

  @Cached({ name: 'users.find' })
  @CacheTags('users')
  find(id: string): Promise<string | undefined> {
    this.loads++;
    return Promise.resolve(Users.names.get(id));
  }

  @InvalidateTags('users')
  rename(id: string, name: string): Promise<string> {
    Users.names.set(id, name);
    return Promise.resolve('renamed');
  }
}
