import type { Child } from './child.js';

export interface Product {
  readonly id: number;
  readonly priceCents: number;
}

/** How many answers came out of memory and out of Redis, and how many SQL statements were run. */
export interface Sources {
  readonly memory: number;
  readonly redis: number;
  readonly database: number;
}

interface CacheReport {
  readonly caches: { readonly default: { readonly hits: { readonly memory?: number; readonly redis?: number } } };
  readonly queries: number;
}

const PATIENCE_MS = 10_000;

/** One of the storefronts, as its customers know it: by HTTP. */
export class Instance {
  readonly name: string;
  readonly url: string;
  readonly #child: Child;

  constructor(name: string, url: string, child: Child) {
    this.name = name;
    this.url = url;
    this.#child = child;
  }

  product(id: number): Promise<Product> {
    return this.#ask('GET', `/products/${id}`);
  }

  changePrice(id: number, priceCents: number): Promise<Product> {
    return this.#ask('PATCH', `/products/${id}/price`, { priceCents });
  }

  /** What it has asked for answers so far. */
  async sources(): Promise<Sources> {
    const { caches, queries } = await this.#ask<CacheReport>('GET', '/cache');
    const { memory = 0, redis = 0 } = caches.default.hits;
    return { memory, redis, database: queries };
  }

  /** Whether it would find a product without the database. */
  async hasCached(id: number): Promise<boolean> {
    const { found } = await this.#ask<{ readonly found: boolean }>('GET', `/cache/products/${id}`);
    return found;
  }

  async #ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await fetch(this.url + path, {
      method,
      signal: AbortSignal.timeout(PATIENCE_MS),
      ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    }).catch((error: unknown) => {
      const said = `It said last: ${this.#child.lastLine}`;
      throw new Error(`${this.name} does not answer ${method} ${path}. ${said}`, { cause: error });
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${this.name} answered ${method} ${path} with ${answer.status}: ${text}`);
    return JSON.parse(text) as T;
  }
}
