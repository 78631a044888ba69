import 'reflect-metadata';
import { Controller, Get, Module, Param } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { decorate } from '../decorated.mjs';
import { keyOf, valueOf } from '../data.mjs';
import { REPLIES } from './routes.mjs';

/** A Nest application in a process of its own, with one route. What it does not use it does not load either. */
const { platform, route, withModule } = JSON.parse(process.argv[2]);

const values = new Map(Array.from({ length: REPLIES }, (_, index) => [String(index), valueOf(keyOf(index))]));

class Users {
  find(id) {
    return Promise.resolve(values.get(id));
  }
}

const { Cached, LayerCacheModule } = withModule ? await import('../../../dist/esm/index.js') : {};
const cached = route === 'cached' ? [Cached({ ttl: '1h' })] : [];
decorate(Users, 'find', { decorators: [Get(':id'), ...cached], parameters: [Param('id')] });
Controller('users')(Users);

class AppModule {}
Module({ imports: withModule ? [LayerCacheModule.forRoot()] : [], controllers: [Users] })(AppModule);

const adapter = platform === 'fastify' ? new FastifyAdapter() : new ExpressAdapter();
const app = await NestFactory.create(AppModule, adapter, { logger: false });
await app.listen(0, '127.0.0.1');
process.on('message', () => process.send(process.cpuUsage()));
process.send(app.getHttpServer().address().port);
