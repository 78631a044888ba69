import { Injectable, NotFoundException } from '@nestjs/common';
import { Cached } from 'nestjs-layercache';
import { Database } from '../database/database.js';
import type { ProductPage } from './product-page.js';
import { ProductsService } from './products.service.js';

export interface Category {
  readonly id: number;
  readonly name: string;
  /** How many there are of it. */
  readonly products: number;
}

@Injectable()
export class CategoriesService {
  readonly #database: Database;
  readonly #products: ProductsService;

  constructor(database: Database, products: ProductsService) {
    this.#database = database;
    this.#products = products;
  }

  @Cached({ ttl: '10m', staleWhileRevalidate: '1h', staleIfError: '1d' })
  all(): Promise<Category[]> {
    return this.#database.query<Category>(
      `SELECT categories.id, categories.name, count(products.id)::int AS products
         FROM categories LEFT JOIN products ON products.category_id = categories.id
        GROUP BY categories.id ORDER BY categories.id`,
    );
  }

  async products(id: number, page: number): Promise<ProductPage> {
    const categories = await this.all();
    if (!categories.some((category) => category.id === id)) throw new NotFoundException(`there is no category ${id}`);
    return this.#products.ofCategory(id, page);
  }
}
