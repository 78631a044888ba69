export interface Product {
  readonly id: number;
  readonly sku: string;
  readonly name: string;
  readonly description: string;
  readonly categoryId: number;
  readonly priceCents: number;
  readonly stock: number;
}

/** As a product is read from the table. */
export const PRODUCT_COLUMNS =
  'id, sku, name, description, category_id AS "categoryId", price_cents AS "priceCents", stock';

/** Every cached value that shows a product carries its tag. */
export function productTag(id: number): string {
  return `product:${id}`;
}
