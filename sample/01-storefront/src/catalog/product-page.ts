import { type Product, productTag } from './product.js';

export const PAGE_SIZE = 20;

/** One page of a list of products. */
export class ProductPage {
  readonly items: readonly Product[];
  readonly total: number;
  readonly page: number;

  constructor(items: readonly Product[], total: number, page: number) {
    this.items = items;
    this.total = total;
    this.page = page;
  }

  tags(): string[] {
    return this.items.map(({ id }) => productTag(id));
  }
}
