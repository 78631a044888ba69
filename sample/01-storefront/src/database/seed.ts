import type { Database, Queries } from './database.js';
import { Draws } from './draws.js';
import { categories, orderLines, product } from './goods.js';
import { SCHEMA } from './schema.js';
import type { SeedProgress } from './seed-progress.js';

const SEED = 20_240_229;
const BATCH = 1_000;
/** Any number that nobody else uses as a lock in this database. */
const LOCK = 727_001;

/**
 * Makes the tables and fills them, unless that was done before. In one transaction: what is cut off leaves nothing behind,
 * and of two instances that start at the same time the second waits, and finds them filled.
 */
export async function fill(database: Database, products: number, progress: SeedProgress): Promise<void> {
  await database.transaction(async (queries) => {
    await queries.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
    for (const statement of SCHEMA) await queries.query(statement);
    const found = await queries.query('SELECT id FROM products LIMIT 1');
    if (found.length === 0) await insertAll(queries, products, progress);
  });
}

async function insertAll(queries: Queries, count: number, progress: SeedProgress): Promise<void> {
  const draws = new Draws(SEED);
  const products = Array.from({ length: count }, (_, index) => product(index + 1, draws));
  const orders = Array.from({ length: Math.ceil(count / 2) }, (_, index) => ({ id: index + 1 }));
  const lines = orders.flatMap(({ id }) => orderLines(id, products, draws));
  const tables = { categories: categories(), products, orders, order_lines: lines };

  const all = Object.values(tables).reduce((sum, rows) => sum + rows.length, 0);
  let done = 0;
  for (const [table, rows] of Object.entries(tables)) {
    for (let from = 0; from < rows.length; from += BATCH) {
      const batch = rows.slice(from, from + BATCH);
      await insert(queries, table, batch);
      done += batch.length;
      progress.show(done, all);
    }
  }
  await queries.query("SELECT setval(pg_get_serial_sequence('orders', 'id'), $1::int)", [orders.length]);
}

/** The database takes columns that are not given as null: the rows name theirs. */
async function insert(queries: Queries, table: string, rows: readonly object[]): Promise<void> {
  const columns = Object.keys(rows[0] ?? {}).join(', ');
  await queries.query(
    `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM json_populate_recordset(NULL::${table}, $1::json)`,
    [JSON.stringify(rows)],
  );
}
