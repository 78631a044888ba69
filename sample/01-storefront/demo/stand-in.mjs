// Answers as the storefront does, out of thin air: for the test of the demo alone.
import { createServer } from 'node:http';

const PRODUCTS = 200;
const CATEGORIES = [
  { id: 1, name: 'Lamps', products: 150 },
  { id: 2, name: 'Chairs', products: 50 },
];

/** `statusOf` may give a request another status; `forgetsPrices` shows the old price for ever. */
export function createStandIn({ isCached = true, forgetsPrices = false, statusOf = () => undefined } = {}) {
  const prices = new Map();
  const stats = { hits: { memory: 0 }, staleHits: 0, negativeHits: 0, misses: 0 };
  let queries = 0;
  const seen = new Set();

  const product = (id) => ({ id, name: `Oak Lamp ${id}`, priceCents: prices.get(id) ?? 100 });
  const list = () => ({ items: [product(1)], total: 1, page: 1 });

  const reprice = (id, priceCents) => {
    if (!forgetsPrices) prices.set(id, priceCents);
    return product(id);
  };

  const count = (url) => {
    if (isCached && seen.has(url)) stats.hits.memory++;
    else queries++;
    if (isCached && !seen.has(url)) stats.misses++;
    seen.add(url);
  };

  const routes = [
    [/^GET \/cache$/, () => [200, { caches: { default: stats }, queries }]],
    [/^PATCH \/products\/(\d+)\/price$/, ([id], { priceCents }) => [200, reprice(id, priceCents)]],
    [/^POST \/orders$/, (_, { lines }) => [201, { id: 1, totalCents: 100, lines }]],
    [/^GET \/products\/(\d+)$/, ([id]) => (id > PRODUCTS ? [404, {}] : [200, product(id)])],
    [/^GET \/products\?search=/, () => [200, list()]],
    [/^GET \/categories$/, () => [200, CATEGORIES]],
    [/^GET \/categories\/[12]\/products\?page=\d+$/, () => [200, list()]],
    [/^GET \/bestsellers$/, () => [200, [product(1)]]],
  ];

  return createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => (text += chunk)).on('end', () => answerTo(request, response, text));
  });

  function answerTo(request, response, text) {
    const asked = `${request.method} ${request.url}`;
    const [pattern, answer] = routes.find(([candidate]) => candidate.test(asked)) ?? [/^/, () => [404, {}]];
    if (request.method === 'GET' && request.url !== '/cache') count(request.url);
    const [, ...numbers] = pattern.exec(asked);
    const [status, body] = answer(numbers.map(Number), text === '' ? undefined : JSON.parse(text));
    response.writeHead(statusOf(asked) ?? status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const server = createStandIn({ isCached: process.env.CACHE !== 'off' });
  server.listen(Number(process.env.PORT), process.env.HOST, () => {
    process.stdout.write(`Storefront listens on http://127.0.0.1:${server.address().port}\n`);
  });
  for (const name of ['SIGINT', 'SIGTERM']) {
    process.once(name, () => {
      server.close();
      server.closeAllConnections();
    });
  }
}
