import { Module, ValidationPipe } from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { APP_PIPE } from '@nestjs/core';
import { LayerCacheModule } from 'nestjs-layercache';
import { CacheController } from './cache/cache.controller.js';
import { defaultCache, SEARCH_CACHE, searchCache } from './cache/cache.options.js';
import { CatalogModule } from './catalog/catalog.module.js';
import { DatabaseModule } from './database/database.module.js';
import { OrdersModule } from './orders/orders.module.js';
import { readSettings } from './settings.js';

@Module({
  imports: [
    ConfigModule.forRoot({ isGlobal: true, ignoreEnvFile: true, skipProcessEnv: true, load: [readSettings] }),
    LayerCacheModule.forRootAsync({ inject: [ConfigService], useFactory: defaultCache }),
    LayerCacheModule.forRootAsync({ name: SEARCH_CACHE, inject: [ConfigService], useFactory: searchCache }),
    DatabaseModule,
    CatalogModule,
    OrdersModule,
  ],
  controllers: [CacheController],
  providers: [
    {
      provide: APP_PIPE,
      useValue: new ValidationPipe({ transform: true, whitelist: true, forbidNonWhitelisted: true }),
    },
  ],
})
export class AppModule {}
