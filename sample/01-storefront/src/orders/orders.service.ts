import { ConflictException, Injectable, NotFoundException } from '@nestjs/common';
import { InvalidateTags } from 'nestjs-layercache';
import { productTag } from '../catalog/product.js';
import { Database, type Queries } from '../database/database.js';
import type { NewOrderLine } from './orders.input.js';

export interface OrderLine {
  readonly productId: number;
  readonly quantity: number;
  readonly priceCents: number;
}

export interface Order {
  readonly id: number;
  readonly totalCents: number;
  readonly lines: readonly OrderLine[];
}

@Injectable()
export class OrdersService {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** What was ordered has another stock from now on. */
  @InvalidateTags.ofResult((order: Order) => order.lines.map(({ productId }) => productTag(productId)))
  place(wanted: readonly NewOrderLine[]): Promise<Order> {
    return this.#database.transaction(async (queries) => {
      const lines: OrderLine[] = [];
      for (const [productId, quantity] of quantities(wanted)) {
        lines.push({ productId, quantity, priceCents: await takeFromStock(queries, productId, quantity) });
      }
      const [order] = await queries.query<{ id: number }>('INSERT INTO orders DEFAULT VALUES RETURNING id');
      const { id } = order as { id: number };
      for (const { productId, quantity, priceCents } of lines) {
        await queries.query(
          'INSERT INTO order_lines (order_id, product_id, quantity, price_cents) VALUES ($1, $2, $3, $4)',
          [id, productId, quantity, priceCents],
        );
      }
      return orderOf(id, lines);
    });
  }

  /** Not cached: each order is read seldom, and by one. */
  async find(id: number): Promise<Order> {
    const lines = await this.#database.query<OrderLine>(
      `SELECT product_id AS "productId", quantity, price_cents AS "priceCents"
         FROM order_lines WHERE order_id = $1 ORDER BY product_id`,
      [id],
    );
    if (lines.length === 0) throw new NotFoundException(`there is no order ${id}`);
    return orderOf(id, lines);
  }
}

/** By product, and all orders in the same sequence, so that no two of them wait for each other. */
function quantities(lines: readonly NewOrderLine[]): [productId: number, quantity: number][] {
  const sums = new Map<number, number>();
  for (const { productId, quantity } of lines) sums.set(productId, (sums.get(productId) ?? 0) + quantity);
  return [...sums].sort(([one], [other]) => one - other);
}

async function takeFromStock(queries: Queries, productId: number, quantity: number): Promise<number> {
  const [taken] = await queries.query<{ priceCents: number }>(
    `UPDATE products SET stock = stock - $2 WHERE id = $1 AND stock >= $2 RETURNING price_cents AS "priceCents"`,
    [productId, quantity],
  );
  if (taken !== undefined) return taken.priceCents;
  const [product] = await queries.query<{ stock: number }>('SELECT stock FROM products WHERE id = $1', [productId]);
  if (product === undefined) throw new NotFoundException(`there is no product ${productId}`);
  throw new ConflictException(`of product ${productId} only ${product.stock} are left`);
}

function orderOf(id: number, lines: readonly OrderLine[]): Order {
  return { id, totalCents: lines.reduce((sum, { quantity, priceCents }) => sum + quantity * priceCents, 0), lines };
}
