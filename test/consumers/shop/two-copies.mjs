// A tool that mixes the two builds, by a bundler's rules or a test runner's, must not make decorators of one deaf to the
// other: an invalidation that nobody hears is a wrong answer.
import 'reflect-metadata';
import { Controller, Get, Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import * as one from 'nestjs-layercache';
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { platform } from '../dist/platform.js';

const require = createRequire(import.meta.url);
const other = require(join(dirname(require.resolve('nestjs-layercache/package.json')), 'dist/cjs/index.js'));
assert.notEqual(one.Cached, other.Cached);

class Users {
  calls = 0;
  find() {
    return Promise.resolve(++this.calls);
  }
  rename() {
    return Promise.resolve();
  }
}
class UsersController {
  calls = 0;
  all() {
    return Promise.resolve(++this.calls);
  }
}
class AppModule {}

function decorate(type, method, ...decorators) {
  const descriptor = Object.getOwnPropertyDescriptor(type.prototype, method);
  for (const decorator of decorators) decorator(type.prototype, method, descriptor);
  Object.defineProperty(type.prototype, method, descriptor);
}

decorate(Users, 'find', other.CacheTags('users'), other.Cached());
decorate(Users, 'rename', other.InvalidateTags('users'));
decorate(UsersController, 'all', other.Cached(), Get());
Injectable()(Users);
Controller('users')(UsersController);
Module({ imports: [one.LayerCacheModule.forRoot()], providers: [Users], controllers: [UsersController] })(AppModule);

const app = await NestFactory.create(AppModule, platform(), { logger: false });
await app.listen(0, '127.0.0.1');
try {
  const users = app.get(Users);
  assert.deepEqual([await users.find(), await users.find()], [1, 1], 'a decorator of the other copy caches');
  await users.rename();
  assert.equal(await users.find(), 2, 'a decorator of the other copy invalidates');

  const url = `${await app.getUrl()}/users`;
  const ask = async (headers = {}) => (await fetch(url, { headers })).text();
  assert.deepEqual([await ask(), await ask()], ['1', '1'], 'a handler decorated by the other copy is cached');
  assert.equal(await ask({ cookie: 'a=b' }), '2', 'credentials go past a handler decorated by the other copy');
} finally {
  await app.close();
}
