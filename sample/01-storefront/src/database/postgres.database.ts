import { Logger } from '@nestjs/common';
import pg from 'pg';
import { Database, type Queries } from './database.js';

const CONNECT_TIMEOUT_MS = 5_000;

export class DatabaseUnreachableError extends Error {
  constructor(url: string, cause: unknown) {
    const { host, pathname } = new URL(url);
    const { code, message } = cause as { code?: string; message?: string };
    super(
      `the database ${host}${pathname} cannot be used (${message || code}). Start it and check DATABASE_URL, ` +
        'or leave DATABASE_URL out to run with a database inside this process.',
      { cause },
    );
  }
}

/** A PostgreSQL of its own, which several instances can share. */
export class PostgresDatabase extends Database {
  readonly #pool: pg.Pool;

  private constructor(pool: pg.Pool) {
    super();
    this.#pool = pool;
  }

  static async open(url: string): Promise<PostgresDatabase> {
    const pool = new pg.Pool({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
    const logger = new Logger(PostgresDatabase.name);
    // Of a connection that nobody uses at the moment: without a listener it would end the process.
    pool.on('error', (error) => logger.warn(`a connection was lost: ${error.message}`));
    try {
      await pool.query('SELECT 1');
    } catch (error) {
      await pool.end();
      throw new DatabaseUnreachableError(url, error);
    }
    return new PostgresDatabase(pool);
  }

  async close(): Promise<void> {
    if (!this.#pool.ended) await this.#pool.end();
  }

  protected async run<Row>(sql: string, parameters: readonly unknown[]): Promise<Row[]> {
    return (await this.#pool.query(sql, [...parameters])).rows as Row[];
  }

  protected async runTogether<T>(work: (queries: Queries) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect();
    let broken: Error | undefined;
    try {
      await client.query('BEGIN');
      const result = await work({
        query: async <Row>(sql: string, parameters: readonly unknown[] = []) =>
          (await client.query(sql, [...parameters])).rows as Row[],
      });
      await client.query('COMMIT');
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch((rollback: Error) => {
        broken = rollback;
      });
      throw error;
    } finally {
      client.release(broken);
    }
  }
}
