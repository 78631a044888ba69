import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Storefront } from './storefront.js';

describe('Two storefronts that start at the same time on one PostgreSQL', () => {
  let pglite: PGlite;
  let server: PGLiteSocketServer;
  let both: Storefront[];

  beforeAll(async () => {
    pglite = await PGlite.create();
    server = new PGLiteSocketServer({ db: pglite, port: 0, maxConnections: 30 });
    await server.start();
    const environment = { DATABASE_URL: `postgres://postgres@${server.getServerConn()}/postgres` };
    both = await Promise.all([Storefront.start(environment), Storefront.start(environment)]);
  });

  afterAll(async () => {
    await Promise.all(both.map((storefront) => storefront.close()));
    await server.stop();
    await pglite.close();
  });

  it('fill it once', async () => {
    for (const storefront of both) expect((await storefront.get('/products')).body).toMatchObject({ total: 300 });
  });

  it('sell together no more than there is', async () => {
    const [one, other] = both as [Storefront, Storefront];
    const { items } = (await one.get('/products')).body;
    const { id, stock } = items.find((product: { stock: number }) => product.stock > 10);
    const body = { lines: [{ productId: id, quantity: Math.ceil(stock / 3) }] };
    const orders = await Promise.all([one, other, one, other].map((shop) => shop.send('POST', '/orders', { body })));
    const statuses = orders.map(({ status }) => status).toSorted((left, right) => left - right);
    expect(statuses).toEqual([201, 201, stock % 3 === 0 ? 201 : 409, 409]);
  });
});
