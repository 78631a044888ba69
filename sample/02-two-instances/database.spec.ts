import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { Child } from './src/child.js';

const PROCESSES = new URL('./processes/', import.meta.url);
const ROWS = 100;

describe('The database of both storefronts', () => {
  let database: Child;
  let url: string;
  let pools: pg.Pool[];

  beforeAll(async () => {
    database = new Child({
      name: 'database',
      path: fileURLToPath(new URL('database.mjs', PROCESSES)),
      leash: new URL('leash.mjs', PROCESSES),
      env: {},
    });
    url = await database.says(/listens on (\S+)\s/);
    pools = [1, 2].map(() => new pg.Pool({ connectionString: url, max: 4 }));
    const [pool] = pools as [pg.Pool];
    await pool.query('CREATE TABLE stock (id int PRIMARY KEY, left_over int)');
    await pool.query('INSERT INTO stock SELECT id, 0 FROM generate_series(1, $1) id', [ROWS]);
  });

  afterAll(async () => {
    await Promise.all(pools.map((pool) => pool.end()));
    await database.stop();
  });

  it('answers each client what he asked, while others are in transactions', async () => {
    const wrong: unknown[] = [];
    const count = async (pool: pg.Pool): Promise<void> => {
      const client = await pool.connect();
      await client.query('BEGIN');
      const { rows } = await client.query<{ left_over: number }>('SELECT left_over FROM stock WHERE id = $1', [1]);
      await client.query('UPDATE stock SET left_over = $2 WHERE id = $1', [1, (rows[0]?.left_over ?? 0) + 1]);
      await client.query('COMMIT');
      client.release();
    };
    const read = async (pool: pg.Pool, id: number): Promise<void> => {
      const row = await pool.query<{ id: unknown }>('SELECT id FROM stock WHERE id = $1', [id]);
      const text = await pool.query<{ text: unknown }>("SELECT $1 || '-' || $2 AS text", ['a', String(id)]);
      if (row.rows[0]?.id !== id || text.rows[0]?.text !== `a-${id}`) wrong.push([row.rows, text.rows]);
    };
    for (let round = 0; round < 10; round++) {
      const ids = [1, 2, 3].map((each) => round * 3 + each);
      await Promise.all(pools.flatMap((pool) => [count(pool), count(pool), ...ids.map((id) => read(pool, id))]));
    }
    expect(wrong).toEqual([]);
    const { rows } = await (pools[0] as pg.Pool).query('SELECT left_over FROM stock WHERE id = $1', [1]);
    expect(rows).toEqual([{ left_over: 40 }]);
  });

  it('takes back what a client has left undone', async () => {
    const client = new pg.Client(url);
    await client.connect();
    await client.query('BEGIN');
    await client.query('DELETE FROM stock WHERE id = $1', [2]);
    await client.end();
    const { rows } = await (pools[0] as pg.Pool).query('SELECT id FROM stock WHERE id = $1', [2]);
    expect(rows).toEqual([{ id: 2 }]);
  });
});
