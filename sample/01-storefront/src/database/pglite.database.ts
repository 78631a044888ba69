import { Logger } from '@nestjs/common';
import { PGlite, type Transaction } from '@electric-sql/pglite';
import { DataFolder } from './data-folder.js';
import { Database, type Queries } from './database.js';

const FILES = 'pglite';

/** A PostgreSQL inside this process: nothing has to be installed for it. */
export class PgliteDatabase extends Database {
  readonly #pglite: PGlite;
  readonly #folder: DataFolder | undefined;

  private constructor(pglite: PGlite, folder?: DataFolder) {
    super();
    this.#pglite = pglite;
    this.#folder = folder;
  }

  /** With its files in a folder, or without a folder: in memory. */
  static async open(path: string | undefined): Promise<PgliteDatabase> {
    if (path === undefined) {
      sayThatItTakesTime('in memory');
      return new PgliteDatabase(await PGlite.create());
    }
    const folder = await DataFolder.take(path);
    try {
      if (!folder.has(FILES)) sayThatItTakesTime(`in ${path}`);
      return new PgliteDatabase(await folder.complete(FILES, (files) => PGlite.create(files)), folder);
    } catch (error) {
      await folder.leave();
      throw error;
    }
  }

  async close(): Promise<void> {
    if (!this.#pglite.closed) await this.#pglite.close();
    await this.#folder?.leave();
  }

  protected async run<Row>(sql: string, parameters: readonly unknown[]): Promise<Row[]> {
    return (await this.#pglite.query<Row>(sql, [...parameters])).rows;
  }

  protected runTogether<T>(work: (queries: Queries) => Promise<T>): Promise<T> {
    return this.#pglite.transaction((transaction: Transaction) =>
      work({
        query: async <Row>(sql: string, parameters: readonly unknown[] = []) =>
          (await transaction.query<Row>(sql, [...parameters])).rows,
      }),
    );
  }
}

function sayThatItTakesTime(where: string): void {
  new Logger(PgliteDatabase.name).log(`Making a database ${where}, which takes some seconds`);
}
