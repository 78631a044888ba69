const NAMES_LOOKED_AT = 24;

/** What the shop has on offer, asked of itself, so that the load knows nothing by heart. */
export async function readCatalogue(client) {
  const categories = await read(client, '/categories');
  const products = categories.reduce((sum, category) => sum + category.products, 0);
  if (products === 0) throw new Error('The shop is empty: there is nothing to ask for.');
  const step = Math.max(1, Math.floor(products / NAMES_LOOKED_AT));
  const terms = new Set();
  for (let id = 1; id <= products; id += step) {
    const { name } = await read(client, `/products/${id}`);
    for (const term of name.toLowerCase().match(/\p{L}{3,}/gu) ?? []) terms.add(term);
  }
  return { products, categories: categories.map(({ id, products: size }) => ({ id, size })), terms: [...terms] };
}

async function read(client, path) {
  const { status, body } = await client.json(path);
  if (status !== 200 || body === undefined) throw new Error(`GET ${path} answered ${status}: is this the storefront?`);
  return body;
}
