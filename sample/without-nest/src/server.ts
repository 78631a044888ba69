import { createServer, type Server } from 'node:http';
import type { LayerCache } from 'nestjs-layercache';
import type { Rates } from './rates.js';

/** Answers `GET /rate/usd` and `POST /devalue/usd`, and shows at `GET /stats` what the cache has done. */
export function createRateServer(rates: Rates, cache: LayerCache): Server {
  return createServer((request, response) => {
    const answer = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(`${JSON.stringify(body)}\n`);
    };
    const [, what, currency = ''] = (request.url ?? '/').split('/');
    route(`${request.method} ${what}`, currency).catch((error: unknown) => answer(502, { error: String(error) }));

    async function route(wanted: string, name: string): Promise<void> {
      if (wanted === 'GET rate') {
        const rate = await rates.find(name);
        answer(rate === null ? 404 : 200, rate ?? { error: `no rate for ${name}` });
      } else if (wanted === 'POST devalue') {
        await rates.devalue(name);
        answer(200, { devalued: name });
      } else if (wanted === 'GET stats') {
        answer(200, cache.stats());
      } else {
        answer(404, { error: 'try /rate/usd' });
      }
    }
  });
}
