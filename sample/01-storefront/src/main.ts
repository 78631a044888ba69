import type { INestApplication } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';
import { CalmLogger } from './calm-logger.js';
import type { Settings } from './settings.js';
import { reasonOf } from './start-failure.js';

let app: INestApplication | undefined;
try {
  app = await NestFactory.create(AppModule, { abortOnError: false, logger: new CalmLogger() });
  app.enableShutdownHooks();
  const config: ConfigService<Settings, true> = app.get(ConfigService);
  await app.listen(config.get('port', { infer: true }), config.get('host', { infer: true }));
  process.stdout.write(welcome(await app.getUrl()));
} catch (error) {
  process.stderr.write(`The storefront cannot start: ${reasonOf(error)}\n`);
  await app?.close();
  process.exit(1);
}

function welcome(address: string): string {
  return `
Storefront listens on ${address}

Try, each of them twice:
  curl -i ${address}/products/42
      the second time without a query: see Cache-Status and Age
  curl -X PATCH ${address}/products/42/price -H 'content-type: application/json' -d '{"priceCents": 4200}'
      then read it again, or a search that shows it: the new price is there at once
  curl ${address}/cache
      what the caches have done, and how many queries have run

`;
}
