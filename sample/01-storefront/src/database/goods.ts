import type { Draws } from './draws.js';

const KINDS = [
  ...['Lamp', 'Chair', 'Table', 'Sofa', 'Shelf', 'Desk', 'Mirror', 'Rug', 'Curtain', 'Cushion'],
  ...['Kettle', 'Pan', 'Knife', 'Plate', 'Mug', 'Bowl', 'Toaster', 'Blender', 'Scale', 'Teapot'],
  ...['Bicycle', 'Helmet', 'Tent', 'Backpack', 'Bottle', 'Hammock', 'Racket', 'Ball', 'Skate', 'Paddle'],
  ...['Notebook', 'Pen', 'Puzzle', 'Kite', 'Drum', 'Guitar', 'Candle', 'Basket', 'Umbrella', 'Clock'],
];
const MATERIALS = ['oak', 'brass', 'linen', 'steel', 'glass', 'wool', 'cork', 'bamboo', 'copper', 'marble'];
const LOOKS = ['plain', 'folding', 'tall', 'round', 'striped', 'light', 'sturdy', 'small', 'soft', 'bright'];
const PLACES = ['kitchen', 'garden', 'hall', 'balcony', 'study', 'cabin', 'workshop', 'nursery'];

export interface CategoryRow {
  readonly id: number;
  readonly name: string;
}

export interface ProductRow {
  readonly id: number;
  readonly sku: string;
  readonly name: string;
  readonly description: string;
  readonly category_id: number;
  readonly price_cents: number;
  readonly stock: number;
}

export interface OrderLineRow {
  readonly order_id: number;
  readonly product_id: number;
  readonly quantity: number;
  readonly price_cents: number;
}

export function categories(): CategoryRow[] {
  return KINDS.map((kind, index) => ({ id: index + 1, name: `${kind}s` }));
}

export function product(id: number, draws: Draws): ProductRow {
  const kind = draws.between(1, KINDS.length);
  const name = `${capital(draws.oneOf(LOOKS))} ${draws.oneOf(MATERIALS)} ${KINDS[kind - 1]?.toLowerCase()}`;
  return {
    id,
    sku: `SF-${String(id).padStart(6, '0')}`,
    name,
    description: `${name} for the ${draws.oneOf(PLACES)}, made of ${draws.oneOf(MATERIALS)} and ${draws.oneOf(MATERIALS)}.`,
    category_id: kind,
    price_cents: draws.between(4, 400) * 50 - 1,
    stock: draws.between(0, 200),
  };
}

/** One to four lines. Of few products much is sold, of most of them little. */
export function orderLines(order: number, products: readonly ProductRow[], draws: Draws): OrderLineRow[] {
  const lines = new Map<number, OrderLineRow>();
  for (let left = draws.between(1, 4); left > 0; left--) {
    const sold = products[Math.floor(products.length * draws.share() ** 3)] as ProductRow;
    const line = { order_id: order, product_id: sold.id, price_cents: sold.price_cents };
    lines.set(sold.id, { ...line, quantity: draws.between(1, 3) });
  }
  return [...lines.values()];
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
