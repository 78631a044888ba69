import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { InvalidationPendingError } from 'nestjs-layercache';
import { Storefront } from './storefront.js';

const MINUTE = 60_000;

let storefront: Storefront;
let uncached: Storefront;

beforeAll(async () => {
  storefront = await Storefront.start({});
  uncached = await Storefront.start({ CACHE: 'off' }, storefront.database);
});

beforeEach(async () => {
  await storefront.send('DELETE', '/cache');
});

afterEach(() => {
  jest.restoreAllMocks();
});

afterAll(async () => {
  await Promise.all([storefront.close(), uncached.close()]);
});

const get = (path: string) => storefront.get(path);
const read = async (path: string) => (await storefront.get(path)).body;
const setPrice = (id: number, priceCents: number) =>
  storefront.send('PATCH', `/products/${id}/price`, { body: { priceCents } });
const order = (...lines: { productId: number; quantity: number }[]) =>
  storefront.send('POST', '/orders', { body: { lines } });

/** A product of which there is enough, and one of which there is none left. */
async function productWith(isWanted: (stock: number) => boolean): Promise<{ id: number; stock: number }> {
  for (let page = 1; ; page++) {
    const found = (await read(`/products?page=${page}`)).items.find(({ stock }: { stock: number }) => isWanted(stock));
    if (found !== undefined) return found;
  }
}

describe('A reader of the catalogue', () => {
  it('gets a product, and the second time without a query', async () => {
    const first = await get('/products/42');
    expect(first).toMatchObject({ status: 200, body: { id: 42, sku: 'SF-000042', priceCents: expect.any(Number) } });
    expect(first.headers.get('cache-status')).toBe('layercache; fwd=miss; stored');

    let second = first;
    expect(await storefront.queriesOf(async () => (second = await get('/products/42')))).toBe(0);
    expect(second.body).toEqual(first.body);
    expect(second.headers.get('cache-status')).toMatch(/^layercache; hit; ttl=\d+$/);
  });

  it('gets the same product as everybody else, though he has a cookie', async () => {
    await get('/products/42');
    const queries = await storefront.queriesOf(() => storefront.send('GET', '/products/42', { cookie: 'session=1' }));
    expect(queries).toBe(0);
  });

  it.each(['/products?search=lamp', '/products?page=2', '/categories', '/categories/1/products', '/bestsellers'])(
    'gets %s the second time without a query',
    async (path) => {
      const first = await get(path);
      expect(first.status).toBe(200);
      expect(await storefront.queriesOf(async () => expect(await read(path)).toEqual(first.body))).toBe(0);
    },
  );

  it('is told once by the database, and then by the cache, that there is no such product', async () => {
    const missing = { status: 404, body: { message: 'there is no product 9999' } };
    const queries = await storefront.queriesOf(async () => {
      expect(await get('/products/9999')).toMatchObject(missing);
      expect(await get('/products/9999')).toMatchObject(missing);
    });
    expect(queries).toBe(1);
  });

  it('finds products whatever the case, page by page', async () => {
    const { items, total, page } = await read('/products?search=LAMP');
    expect(items.length).toBe(Math.min(total, 20));
    for (const { name, description } of items) expect(`${name} ${description}`).toMatch(/lamp/i);
    expect(page).toBe(1);
    expect(await storefront.queriesOf(() => get('/products?search=lamp'))).toBe(0);
    expect(await read('/products?page=16')).toEqual({ items: [], total: 300, page: 16 });
  });

  it('finds text as it is written, also where it has a meaning in SQL', async () => {
    expect(await read(`/products?search=${encodeURIComponent('%')}`)).toMatchObject({ total: 0 });
    expect(await read(`/products?search=${encodeURIComponent("'; DROP TABLE products")}`)).toMatchObject({ total: 0 });
    expect(await read('/products')).toMatchObject({ total: 300 });
  });

  it('sees how many products a category has', async () => {
    const categories = (await read('/categories')) as { id: number; products: number }[];
    expect(categories.reduce((sum, { products }) => sum + products, 0)).toBe(300);
    const lamps = await read('/categories/1/products');
    expect(lamps.total).toBe(categories[0]?.products);
    expect(await get('/categories/99/products')).toMatchObject({ status: 404 });
  });

  it.each(['/products/abc', '/products/0', '/products/4.5', '/products/99999999999', '/orders/x'])(
    'is told that %s names no row',
    async (path) => {
      expect(await get(path)).toMatchObject({ status: 400, body: { message: expect.stringContaining('an id is') } });
    },
  );

  it.each(['page=0', 'page=x', 'search=a&search=b', 'search=%00', 'serach=lamp'])(
    'is told what is wrong with ?%s',
    async (query) => {
      expect(await get(`/products?${query}`)).toMatchObject({ status: 400 });
    },
  );
});

describe('A new price', () => {
  it('is seen at once in the product, the search, its category and the bestsellers', async () => {
    const [{ id, name, categoryId }] = await read('/bestsellers');
    const paths = [
      `/products/${id}`,
      `/products?search=${encodeURIComponent(name)}`,
      `/categories/${categoryId}/products`,
      '/bestsellers',
    ];
    for (const path of paths) await get(path);

    expect(await setPrice(id, 12_345)).toMatchObject({ status: 200, body: { id, priceCents: 12_345 } });

    for (const path of paths) {
      const body = await read(path);
      const shown = [body.items ?? body].flat().find((product: { id: number }) => product.id === id);
      expect(shown).toMatchObject({ id, priceCents: 12_345 });
    }
  });

  it('leaves alone what does not show the product', async () => {
    await get('/products/1');
    await get('/products?page=15');
    await setPrice(2, 500);
    expect(await storefront.queriesOf(() => Promise.all([get('/products/1'), get('/products?page=15')]))).toBe(0);
  });

  it('must be one, and of a product that exists', async () => {
    expect(await setPrice(9999, 500)).toMatchObject({ status: 404 });
    for (const price of [0, 1.5, -1, '500' as unknown as number]) {
      expect(await setPrice(1, price)).toMatchObject({ status: 400 });
    }
  });
});

describe('An order', () => {
  it('takes what it orders from the stock, which everybody sees at once', async () => {
    const { id, stock } = await productWith((left) => left > 10);
    const { priceCents, name } = await read(`/products/${id}`);
    const search = `/products?search=${encodeURIComponent(name)}`;
    await read(search);

    const placed = await order({ productId: id, quantity: 2 }, { productId: id, quantity: 1 });

    const lines = [{ productId: id, quantity: 3, priceCents }];
    expect(placed).toMatchObject({ status: 201, body: { totalCents: 3 * priceCents, lines } });
    expect(await read(`/products/${id}`)).toMatchObject({ stock: stock - 3 });
    expect((await read(search)).items).toContainEqual(expect.objectContaining({ id, stock: stock - 3 }));
    expect(await read(`/orders/${placed.body.id}`)).toEqual(placed.body);
  });

  it('takes nothing if one of its products is sold out', async () => {
    const { id, stock } = await productWith((left) => left > 10);
    const soldOut = await productWith((left) => left < 10);
    const refused = await order({ productId: id, quantity: 1 }, { productId: soldOut.id, quantity: 10 });
    expect(refused).toMatchObject({ status: 409, body: { message: expect.stringContaining(String(soldOut.id)) } });
    await storefront.send('DELETE', '/cache');
    expect(await read(`/products/${id}`)).toMatchObject({ stock });
  });

  it('is refused if it orders nothing, or what is not there', async () => {
    expect(await order({ productId: 9999, quantity: 1 })).toMatchObject({ status: 404 });
    expect(await order()).toMatchObject({ status: 400 });
    expect(await order({ productId: 1, quantity: 0 })).toMatchObject({ status: 400 });
    expect(await get('/orders/999999')).toMatchObject({ status: 404 });
  });

  it('is read from the database each time', async () => {
    await get('/orders/1');
    expect(await storefront.queriesOf(() => get('/orders/1'))).toBe(1);
  });

  it('makes a bestseller', async () => {
    const product = await productWith((left) => left > 150);
    await setPrice(product.id, 1_00);
    await order({ productId: product.id, quantity: 150 });
    await storefront.clock.advance(MINUTE);
    expect((await read('/bestsellers')).map(({ id }: { id: number }) => id)).toContain(product.id);
    expect(await read('/bestsellers')).toHaveLength(10);
  });
});

describe('While the database is away, the storefront', () => {
  const PATHS = ['/products/42', '/products?search=lamp', '/categories', '/bestsellers'];

  it('goes on with the last answers, and comes back with it', async () => {
    const before = await Promise.all(PATHS.map(read));
    const away = jest.spyOn(storefront.database, 'query').mockRejectedValue(new Error('connection lost'));
    await storefront.clock.advance(20 * MINUTE);

    expect(await Promise.all(PATHS.map(read))).toEqual(before);
    expect(await get('/products/43')).toMatchObject({ status: 500 });
    expect(await get('/orders/1')).toMatchObject({ status: 500 });

    away.mockRestore();
    await storefront.clock.advance(MINUTE);
    expect(await storefront.queriesOf(() => get('/products/42'))).toBe(1);
  });

  it('answers a search of some minutes ago at once, and refreshes it behind', async () => {
    const counts = async () => (await read('/cache')).caches.search;
    const before = await read('/products?search=lamp');
    const { loads, staleHits } = await counts();
    await storefront.clock.advance(2 * MINUTE);
    expect(await read('/products?search=lamp')).toEqual(before);
    expect(await counts()).toMatchObject({ staleHits: staleHits + 1 });
    while ((await counts()).loads === loads) expect(await read('/products?search=lamp')).toEqual(before);
  });
});

describe('Who looks into the cache', () => {
  it('sees what the caches did, and how many queries ran', async () => {
    const before = await read('/cache');
    await get('/products/7');
    await get('/products/7');
    await get('/products?search=kettle');
    const { caches, queries } = await read('/cache');
    expect(queries).toBe(before.queries + 3);
    expect(caches.default.hits.memory).toBe(before.caches.default.hits.memory + 1);
    expect(caches.search.loads).toBe(before.caches.search.loads + 1);
    expect(caches.search.bytes).toBeGreaterThan(0);
  });

  it('sees how a product stands in it, and can take it out', async () => {
    expect(await read('/cache/products/7')).toEqual({ found: false });
    const product = await read('/products/7');
    expect(await read('/cache/products/7')).toMatchObject({ found: true, value: product, state: 'fresh' });
    expect(await storefront.send('DELETE', '/cache/products/7')).toMatchObject({ status: 204 });
    expect(await read('/cache/products/7')).toEqual({ found: false });
  });

  it('can empty it', async () => {
    await Promise.all(['/products/7', '/products?search=kettle'].map(get));
    expect(await storefront.send('DELETE', '/cache')).toMatchObject({ status: 204 });
    expect((await read('/cache')).caches).toMatchObject({ default: { entries: 0 }, search: { entries: 0 } });
  });
});

describe('Who runs the storefront', () => {
  it('is told which load was slow', async () => {
    const said = jest.spyOn(Logger.prototype, 'warn').mockReturnValue();
    const query = storefront.database.query.bind(storefront.database);
    jest
      .spyOn(storefront.database, 'query')
      .mockImplementation(async <Row>(sql: string, given?: readonly unknown[]) => {
        await storefront.clock.advance(1_500);
        return query<Row>(sql, given);
      });
    await get('/products/77');
    expect(said).toHaveBeenCalledWith(expect.stringContaining("took 1500 ms to load into 'default'"));
  });

  it('is told that the other instances do not yet know that the cache was emptied', async () => {
    const pending = new InvalidationPendingError(new Error('Redis is away'));
    jest.spyOn(storefront.cache, 'clear').mockRejectedValue(pending);
    const answer = await storefront.send('DELETE', '/cache');
    expect(answer).toMatchObject({ status: 202, body: { message: expect.stringContaining('Redis is away') } });
  });
});

describe('With CACHE=off, the storefront', () => {
  it('asks the database each time, and answers the same', async () => {
    for (const path of ['/products/42', '/products?search=lamp', '/bestsellers']) {
      const { body } = await get(path);
      expect(await uncached.queriesOf(() => uncached.get(path))).toBeGreaterThan(0);
      expect(
        await uncached.queriesOf(async () => expect((await uncached.get(path)).body).toEqual(body)),
      ).toBeGreaterThan(0);
    }
  });
});
