import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const here = new URL('.', import.meta.url);
const fileOf = (name: string): string => fileURLToPath(new URL(name, here));

const { Client } = await import(fileOf('client.mjs'));
const { Latencies, quantile } = await import(fileOf('latencies.mjs'));
const { PowerLaw, seededRandom, shuffled } = await import(fileOf('random.mjs'));
const { Customers } = await import(fileOf('customers.mjs'));
const { pictureOf } = await import(fileOf('picture.mjs'));
const { createStandIn } = await import(fileOf('stand-in.mjs'));

describe('The percentiles of the demo', () => {
  it('are values that occurred, by the nearest rank', () => {
    const hundred = Float64Array.from({ length: 100 }, (_, index) => index + 1);
    expect([0, 0.5, 0.99, 0.991, 1].map((share) => quantile(hundred, share))).toEqual([1, 50, 99, 100, 100]);
    expect(quantile([7], 0.99)).toBe(7);
    expect(quantile([], 0.5)).toBeNaN();
  });

  it('are those of the stretch asked for, however many latencies there are', () => {
    const latencies = new Latencies();
    for (let index = 200_000; index > 0; index--) latencies.add(index);
    expect(latencies.count).toBe(200_000);
    expect(latencies.between(0, 200_000)).toEqual({ median: 100_000, p99: 198_000 });
    expect(latencies.between(199_900, 200_000)).toEqual({ median: 50, p99: 99 });
  });
});

describe('The power law of the demo', () => {
  it('draws the second half as often as the first, and the tail as well', () => {
    const drawn = new Map<number, number>();
    const ranks = Array.from({ length: 1_000 }, (_, index) => index + 1);
    const law = new PowerLaw(ranks, seededRandom(7));
    const draws = 200_000;
    for (let count = 0; count < draws; count++) {
      const rank = law.draw() as number;
      drawn.set(rank, (drawn.get(rank) ?? 0) + 1);
    }
    const harmonic = ranks.reduce((sum, rank) => sum + 1 / rank, 0);
    for (const rank of [1, 2, 3, 10]) {
      expect((drawn.get(rank) ?? 0) / draws).toBeCloseTo(1 / rank / harmonic, 2);
    }
    expect(drawn.size).toBeGreaterThan(990);
  });

  it('is the same for the same seed, and leaves nothing out when it is dealt', () => {
    const ranks = Array.from({ length: 50 }, (_, index) => index);
    expect(shuffled(ranks, seededRandom(3))).toEqual(shuffled(ranks, seededRandom(3)));
    expect(shuffled(ranks, seededRandom(3))).not.toEqual(shuffled(ranks, seededRandom(4)));
    expect(new Set(shuffled(ranks, seededRandom(3))).size).toBe(50);
  });

  it('sends the same customers to the same pages, some of them to what is gone', () => {
    const catalogue = { products: 100, categories: [{ id: 1, size: 100 }], terms: ['lamp', 'oak lamp'] };
    const asked = (seed: number): { path: string; status: number }[] => {
      const customers = new Customers(catalogue, seed);
      return Array.from({ length: 2_000 }, () => customers.next());
    };
    expect(asked(1)).toEqual(asked(1));
    expect(asked(1)).not.toEqual(asked(2));
    const paths = asked(1).map(({ path }) => path.replaceAll(/\d+/g, 'N').replace(/=[^&]+/, '=…'));
    expect([...new Set(paths)].sort()).toEqual([
      '/bestsellers',
      '/categories',
      '/categories/N/products?page=…',
      '/products/N',
      '/products?search=…&page=N',
    ]);
    for (const { path, status } of asked(1)) {
      const id = Number(/^\/products\/(\d+)$/.exec(path)?.[1] ?? 0);
      expect(status).toBe(id > 100 ? 404 : 200);
    }
  });
});

describe('The client of the demo', () => {
  it('asks again where a kept connection was closed in the moment in which it was used', async () => {
    const used = new WeakSet<object>();
    const server = createServer((request, response) => {
      if (used.has(request.socket)) return request.socket.resetAndDestroy();
      used.add(request.socket);
      return response.end('{}');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const client = new Client(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    try {
      for (let time = 0; time < 4; time++) expect(await client.status('/')).toBe(200);
    } finally {
      client.close();
      server.closeAllConnections();
      server.close();
    }
  });
});

describe('The picture of the demo', () => {
  const sampleOf = (requestsPerSecond: number, hitRate: number) => ({
    ...{ seconds: 1, requestsPerSecond, median: 10_000 / requestsPerSecond, p99: 90_000 / requestsPerSecond },
    ...{ hitRate, sources: { memory: hitRate, redis: 0 }, queriesPerSecond: 400, queriesPerThousand: 12 },
  });
  const runOf = (label: string, requestsPerSecond: number, hitRate: number) => ({
    label,
    samples: [1, 2, 3].map((second) => sampleOf(requestsPerSecond * second, hitRate)),
    total: sampleOf(requestsPerSecond * 2, hitRate),
  });
  const runs = [runOf('without <cache>', 300, Number.NaN), runOf('with "cache" & all', 3_000, 0.9)];

  it('is well-formed, says nothing that is not a number, and fetches nothing', () => {
    const picture = pictureOf(runs, 'so & so') as string;
    expectWellFormed(picture);
    expect(picture).not.toMatch(/NaN|Infinity|undefined/);
    expect(picture.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|@import|url\(/);
    expect(picture).toContain('prefers-color-scheme: dark');
  });

  it('draws rate, median, percentile and queries of both runs, and the hits of the one that has them', () => {
    const picture = pictureOf(runs, '') as string;
    const lines = (name: string): number => picture.split(`class="line ${name}-line"`).length - 1;
    expect([lines('without'), lines('with'), lines('thin without'), lines('thin with')]).toEqual([3, 4, 1, 1]);
    expect(picture.match(/d="M[\d.]+ [\d.]+L[\d.]+ [\d.]+L[\d.]+ [\d.]+"/g)).toHaveLength(9);
    expect(picture).toContain('memory 90.0 %');
    expect(picture).not.toContain('redis');
  });

  it('is drawn of one run alone, too', () => {
    const picture = pictureOf([runOf('http://127.0.0.1:3000', 100, 1)], '') as string;
    expectWellFormed(picture);
    expect(picture).not.toContain('class="line without-line"');
  });
});

describe('The demo', () => {
  let folder: string;
  let server: Server;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'demo-spec-'));
  });

  afterEach(async () => {
    server?.closeAllConnections();
    server?.close();
    await rm(folder, { recursive: true });
  });

  const serve = async (options: object): Promise<string> => {
    server = createStandIn(options) as Server;
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };

  const demo = (...options: string[]): Promise<{ code: number; output: string; errors: string }> =>
    new Promise((ended) => {
      const all = [fileOf('demo.mjs'), '--seconds', '1', '--connections', '4', ...options];
      const child = execFile(process.execPath, all, (_, output, errors) =>
        ended({ code: child.exitCode ?? -1, output, errors }),
      );
    });

  it('drives a storefront without and one with the cache, and leaves none behind', async () => {
    const picture = join(folder, 'both.svg');
    const { code, output } = await demo('--server', fileOf('stand-in.mjs'), '--picture', picture);
    expect(output).toMatch(/without cache +with the cache\n/);
    expect(output).toMatch(/without cache +1 s .* 0 errors\n/);
    expect(output).toMatch(/hit rate +– +\d+\.\d %\n/);
    expect(output).toMatch(/new price seen at once +(\d+) of \1 +(\d+) of \2\n/);
    expect(code).toBe(0);
    expectWellFormed(await readFile(picture, 'utf8'));
    const [one, other] = [...output.matchAll(/(http:\/\/127\.0\.0\.1:\d+) …/g)].map(([, url]) => String(url));
    await expect(fetch(String(one))).rejects.toThrow('fetch failed');
    await expect(fetch(String(other))).rejects.toThrow('fetch failed');
  });

  it('drives one that runs already, and tells of what it should not have answered', async () => {
    const statusOf = (asked: string): number | undefined => (asked === 'GET /bestsellers' ? 500 : undefined);
    const url = await serve({ statusOf, forgetsPrices: true });
    const { code, output } = await demo('--url', url);
    expect(output).toMatch(/times GET \/bestsellers answered 500, not 200\n/);
    expect(output).toMatch(/times GET \/products\/:id showed an old price after it was changed\n/);
    expect(output).not.toContain('svg');
    expect(code).toBe(1);
  });

  it('says in a line what keeps it from running', async () => {
    const nothing = await demo('--server', join(folder, 'nothing.mjs'));
    expect(nothing).toMatchObject({ code: 1, errors: expect.stringContaining('The storefront ended (1).') });
    const url = await serve({ statusOf: () => 503 });
    const refusing = await demo('--url', url);
    expect(refusing).toMatchObject({ code: 1, errors: 'GET /categories answered 503: is this the storefront?\n' });
    const wrong = await demo('--seconds', 'many');
    expect(wrong).toMatchObject({ code: 1, errors: '--seconds many: a whole number above 0 is needed.\n' });
  });
});

/** Every element is closed in its turn, every attribute is quoted, and no bare `&` or `<` is left. */
function expectWellFormed(xml: string): void {
  const faults: string[] = [];
  const open: string[] = [];
  const text = xml.replaceAll(/<(\/?)([a-z]+)((?: [\w:-]+="[^"<]*")*)(\/?)>/gi, (tag, ...[closing, name, , empty]) => {
    if (closing === '' && empty === '') open.push(String(name));
    if (closing === '/' && open.pop() !== name) faults.push(tag);
    return '';
  });
  expect({ faults, open }).toEqual({ faults: [], open: [] });
  expect(text).not.toMatch(/[<>]|&(?!(amp|lt|gt|quot);)/);
}
