import { Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import type { Settings } from '../settings.js';
import { Database } from './database.js';
import { PgliteDatabase } from './pglite.database.js';
import { PostgresDatabase } from './postgres.database.js';
import { fill } from './seed.js';
import { SeedProgress } from './seed-progress.js';

@Global()
@Module({
  providers: [{ provide: Database, inject: [ConfigService], useFactory: openDatabase }],
  exports: [Database],
})
export class DatabaseModule implements OnApplicationShutdown {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The last of the hooks: requests and loads that are still under way ask the database. */
  onApplicationShutdown(): Promise<void> {
    return this.#database.close();
  }
}

async function openDatabase(config: ConfigService<Settings, true>): Promise<Database> {
  const url = config.get('databaseUrl', { infer: true });
  const database =
    url === undefined
      ? await PgliteDatabase.open(config.get('dataFolder', { infer: true }))
      : await PostgresDatabase.open(url);
  try {
    await fill(database, config.get('products', { infer: true }), new SeedProgress(process.stdout));
  } catch (error) {
    await database.close();
    throw error;
  }
  return database;
}
