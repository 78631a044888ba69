import { Injectable } from '@nestjs/common';
import { CacheService } from 'nestjs-layercache';
import { Database } from '../database/database.js';
import { PRODUCT_COLUMNS, type Product, productTag } from './product.js';

const MOST = 10;
/** Counted in orders and not in hours, so that there are bestsellers on a quiet day, too. */
const NEWEST_ORDERS = 10_000;

@Injectable()
export class BestsellersService {
  readonly #database: Database;
  readonly #cache: CacheService;

  constructor(database: Database, cache: CacheService) {
    this.#database = database;
    this.#cache = cache;
  }

  /** What is sold most may be some seconds old; what is shown of it is not. The more it costs, the earlier it is refreshed. */
  list(): Promise<Product[]> {
    return this.#cache.getOrSet(
      'bestsellers',
      async ({ adapt }) => {
        const products = await this.#count();
        adapt({ tags: products.map(({ id }) => productTag(id)) });
        return products;
      },
      { ttl: '30s', refreshAhead: 'adaptive' },
    );
  }

  #count(): Promise<Product[]> {
    return this.#database.query<Product>(
      `SELECT ${PRODUCT_COLUMNS}
         FROM products JOIN (
           SELECT product_id, sum(quantity) AS sold FROM order_lines
            WHERE order_id > (SELECT max(id) FROM orders) - $1::int
            GROUP BY product_id ORDER BY sold DESC, product_id LIMIT ${MOST}
         ) AS sales ON product_id = products.id
        ORDER BY sold DESC, id`,
      [NEWEST_ORDERS],
    );
  }
}
