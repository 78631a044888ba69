import { Injectable, Module } from '@nestjs/common';
import { LayerCacheModule } from 'nestjs-layercache';
import { UsersController } from './users.controller.js';
import { OrdersService, UsersService } from './users.service.js';

@Injectable()
export class Config {
  readonly ttl = '1m';
}

@Module({ providers: [Config], exports: [Config] })
export class ConfigModule {}

@Module({ providers: [UsersService, OrdersService], controllers: [UsersController], exports: [UsersService] })
export class UsersModule {}

/** The cache comes last: where it is imported must not matter. */
@Module({
  imports: [
    UsersModule,
    LayerCacheModule.forRootAsync({
      imports: [ConfigModule],
      inject: [Config],
      useFactory: (config: Config) => ({ ttl: config.ttl }),
    }),
  ],
})
export class AppModule {}
