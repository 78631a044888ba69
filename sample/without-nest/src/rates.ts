import type { LayerCache } from 'nestjs-layercache';

/** What a currency is worth in euros, and when that was found out. */
export interface Rate {
  readonly currency: string;
  readonly euros: number;
  readonly asked: number;
}

/** A bank that knows a few currencies, takes its time, and can be closed. */
export class Bank {
  open = true;
  asked = 0;
  readonly #euros: Record<string, number> = { usd: 0.92, gbp: 1.17, chf: 1.05 };

  async rateOf(currency: string): Promise<Rate | null> {
    this.asked++;
    const asked = this.asked;
    await new Promise((answer) => setTimeout(answer, 200));
    if (!this.open) throw new Error('the bank is closed');
    const euros = this.#euros[currency];
    return euros === undefined ? null : { currency, euros, asked };
  }

  devalue(currency: string): void {
    this.#euros[currency] = (this.#euros[currency] ?? 0) / 2;
  }
}

/** The bank as the application uses it: remembered, refreshed behind, and survived for an hour when it is closed. */
export class Rates {
  readonly #bank: Bank;
  readonly #cache: LayerCache;

  constructor(bank: Bank, cache: LayerCache) {
    this.#bank = bank;
    this.#cache = cache;
  }

  find(currency: string): Promise<Rate | null> {
    return this.#cache.getOrSet(`rate:${currency}`, () => this.#bank.rateOf(currency), {
      ttl: '10s',
      staleWhileRevalidate: '10s',
      staleIfError: '1h',
      tags: ['rates', `currency:${currency}`],
    });
  }

  async devalue(currency: string): Promise<void> {
    this.#bank.devalue(currency);
    await this.#cache.invalidateTags(`currency:${currency}`);
  }
}
