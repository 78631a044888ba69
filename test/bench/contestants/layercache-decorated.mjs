import 'reflect-metadata';
import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Cached, CacheTags, LayerCacheModule } from '../../../dist/esm/index.js';
import { decorate } from '../decorated.mjs';

/** A method with `@Cached` on a provider of a Nest application, called with one text. */
export async function make({ load, tagsOf, room }) {
  class Users {
    find(key) {
      return load(key);
    }
  }
  const tags = tagsOf === undefined ? [] : [CacheTags((key) => tagsOf(key))];
  decorate(Users, 'find', { decorators: [Cached({ ttl: '1h' }), ...tags] });
  Injectable()(Users);

  class AppModule {}
  Module({ imports: [LayerCacheModule.forRoot({ memory: { max: room.entries } })], providers: [Users] })(AppModule);
  const app = await NestFactory.createApplicationContext(AppModule, { logger: false });
  const users = app.get(Users);
  return { read: (key) => users.find(key) };
}
