import { Injectable, NotFoundException } from '@nestjs/common';
import { Cached, CacheTags, InvalidateTags } from 'nestjs-layercache';
import { SEARCH_CACHE } from '../cache/cache.options.js';
import { Database } from '../database/database.js';
import { PRODUCT_COLUMNS, type Product, productTag } from './product.js';
import { PAGE_SIZE, ProductPage } from './product-page.js';

const PRODUCTS_WHERE = `SELECT ${PRODUCT_COLUMNS} FROM products WHERE`;

interface Count {
  readonly total: number;
}

@Injectable()
export class ProductsService {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async find(id: number): Promise<Product> {
    const [product] = await this.#database.query<Product>(`${PRODUCTS_WHERE} id = $1`, [id]);
    return product ?? unknownProduct(id);
  }

  /** A page carries the tags of the products on it: when one of them changes, the page has to be made anew. */
  @Cached({ cache: SEARCH_CACHE, type: ProductPage })
  @CacheTags.ofResult((page: ProductPage) => page.tags())
  search(text: string, page: number): Promise<ProductPage> {
    return this.#page('name ILIKE $1 OR description ILIKE $1', `%${text.replace(/[\\%_]/g, '\\$&')}%`, page);
  }

  @Cached({ cache: SEARCH_CACHE, type: ProductPage })
  @CacheTags.ofResult((page: ProductPage) => page.tags())
  ofCategory(categoryId: number, page: number): Promise<ProductPage> {
    return this.#page('category_id = $1', categoryId, page);
  }

  @InvalidateTags(productTag)
  async changePrice(id: number, priceCents: number): Promise<Product> {
    const [product] = await this.#database.query<Product>(
      `UPDATE products SET price_cents = $2 WHERE id = $1 RETURNING ${PRODUCT_COLUMNS}`,
      [id, priceCents],
    );
    return product ?? unknownProduct(id);
  }

  async #page(condition: string, value: unknown, page: number): Promise<ProductPage> {
    const [items, [count]] = await Promise.all([
      this.#database.query<Product>(`${PRODUCTS_WHERE} ${condition} ORDER BY id LIMIT ${PAGE_SIZE} OFFSET $2`, [
        value,
        (page - 1) * PAGE_SIZE,
      ]),
      this.#database.query<Count>(`SELECT count(*)::int AS total FROM products WHERE ${condition}`, [value]),
    ]);
    return new ProductPage(items, (count as Count).total, page);
  }
}

function unknownProduct(id: number): never {
  throw new NotFoundException(`there is no product ${id}`);
}
