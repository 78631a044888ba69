import { Controller, Delete, Get, HttpCode, Param, UseFilters } from '@nestjs/common';
import { CacheService, type CacheStats, InjectCache, type Lookup } from 'nestjs-layercache';
import type { Product } from '../catalog/product.js';
import { ProductsController } from '../catalog/products.controller.js';
import { RowIdPipe } from '../catalog/row-id.pipe.js';
import { Database } from '../database/database.js';
import { SEARCH_CACHE } from './cache.options.js';
import { InvalidationPendingFilter } from './invalidation-pending.filter.js';

/** Lets one look into the caches, and take out of them. */
@Controller('cache')
@UseFilters(InvalidationPendingFilter)
export class CacheController {
  readonly #database: Database;
  readonly #cache: CacheService;
  readonly #search: CacheService;

  constructor(database: Database, cache: CacheService, @InjectCache(SEARCH_CACHE) search: CacheService) {
    this.#database = database;
    this.#cache = cache;
    this.#search = search;
  }

  @Get()
  counts(): { caches: Record<string, CacheStats>; queries: number } {
    return {
      caches: { default: this.#cache.stats(), [SEARCH_CACHE]: this.#search.stats() },
      queries: this.#database.queries,
    };
  }

  @Get('products/:id')
  lookup(@Param('id', RowIdPipe) id: number): Promise<Lookup<Product>> {
    return this.#cache.lookup(this.#cache.keyOf(ProductsController, 'find', [id]));
  }

  @Delete('products/:id')
  @HttpCode(204)
  evict(@Param('id', RowIdPipe) id: number): Promise<void> {
    return this.#cache.evict(ProductsController, 'find', [id]);
  }

  @Delete()
  @HttpCode(204)
  async clear(): Promise<void> {
    await Promise.all([this.#cache.clear(), this.#search.clear()]);
  }
}
