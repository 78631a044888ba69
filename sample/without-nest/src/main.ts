import type { AddressInfo } from 'node:net';
import { createLayerCache } from 'nestjs-layercache';
import { Bank, Rates } from './rates.js';
import { createRateServer } from './server.js';

const cache = createLayerCache();
const server = createRateServer(new Rates(new Bank(), cache), cache);

server.listen(Number(process.env['PORT'] ?? 0), '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(
    [
      'Listening. Try, twice each:',
      `  curl 127.0.0.1:${port}/rate/usd              the first takes 200 ms, the second none`,
      `  curl 127.0.0.1:${port}/rate/xyz              the bank's "no such currency" is remembered too`,
      `  curl -X POST 127.0.0.1:${port}/devalue/usd   then read the rate again: it is new at once`,
      `  curl 127.0.0.1:${port}/stats`,
      '',
    ].join('\n'),
  );
});
