import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createLayerCache } from 'nestjs-layercache';
import { ManualClock } from 'nestjs-layercache/testing';
import { Bank, Rates } from './src/rates.js';
import { createRateServer } from './src/server.js';

describe('The server of rates', () => {
  let bank: Bank;
  let clock: ManualClock;
  let server: Server;
  let address: string;

  beforeEach(async () => {
    bank = new Bank();
    clock = new ManualClock();
    const cache = createLayerCache({ jitter: 0 }, { clock });
    server = createRateServer(new Rates(bank, cache), cache);
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });

  const get = async (path: string, method = 'GET') => {
    const response = await fetch(address + path, { method });
    return { status: response.status, body: (await response.json()) as unknown };
  };

  it('asks the bank once, however many ask it', async () => {
    const answers = await Promise.all([get('/rate/usd'), get('/rate/usd'), get('/rate/usd')]);
    for (const answer of answers)
      expect(answer).toEqual({ status: 200, body: { currency: 'usd', euros: 0.92, asked: 1 } });
  });

  it('remembers also what the bank does not know', async () => {
    expect(await get('/rate/xyz')).toMatchObject({ status: 404 });
    expect(await get('/rate/xyz')).toMatchObject({ status: 404 });
    expect(bank.asked).toBe(1);
  });

  it('gives the new rate at once after it was changed, and leaves the others alone', async () => {
    await Promise.all([get('/rate/usd'), get('/rate/gbp')]);
    expect(await get('/devalue/usd', 'POST')).toMatchObject({ status: 200 });
    expect(await get('/rate/usd')).toMatchObject({ body: { euros: 0.46 } });
    expect(await get('/rate/gbp')).toMatchObject({ body: { euros: 1.17 } });
    expect(bank.asked).toBe(3);
  });

  it('goes on with the last rate while the bank is closed', async () => {
    await get('/rate/usd');
    bank.open = false;
    await clock.advance(30 * 60_000);
    expect(await get('/rate/usd')).toMatchObject({ status: 200, body: { asked: 1 } });
    expect(await get('/rate/gbp')).toMatchObject({ status: 502 });
    expect(await get('/stats')).toMatchObject({ body: { staleHits: 1, loadErrors: 2 } });
    expect(await get('/')).toMatchObject({ status: 404 });
  });
});
