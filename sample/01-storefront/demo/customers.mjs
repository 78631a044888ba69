import { PowerLaw, seededRandom, shuffled } from './random.mjs';

const PRODUCT = 72;
const SEARCH = 10;
const CATEGORY = 10;
const CATEGORIES = 3;
const BESTSELLERS = 3;
const UNKNOWN = 2;

const DEEPEST_PAGE = 5;
/** Five of six look at the first page only. */
const PAGES_EXPONENT = 3;
const PAGE_SIZE = 20;
const DEAD_LINKS = 50;

/**
 * What the customers of a shop ask for, one after the other and the same for every run of a seed: few products hot and all the
 * others now and then, searches, categories, and links to products that are gone.
 */
export class Customers {
  #random;
  #products;
  #terms;
  #categories;
  #pages;
  #gone;
  #kinds;

  constructor(catalogue, seed) {
    const random = (this.#random = seededRandom(seed));
    const ids = Array.from({ length: catalogue.products }, (_, index) => index + 1);
    this.#products = new PowerLaw(shuffled(ids, random), random);
    this.#terms = new PowerLaw(shuffled(catalogue.terms, random), random);
    this.#categories = new PowerLaw(shuffled(catalogue.categories, random), random);
    this.#pages = new PowerLaw(
      Array.from({ length: DEEPEST_PAGE }, (_, index) => index + 1),
      random,
      PAGES_EXPONENT,
    );
    this.#gone = new PowerLaw(
      Array.from({ length: DEAD_LINKS }, (_, index) => catalogue.products + 1 + index),
      random,
    );
    this.#kinds = [
      [PRODUCT, () => ok(`/products/${this.#products.draw()}`)],
      [SEARCH, () => ok(`/products?search=${encodeURIComponent(this.#terms.draw())}&page=${this.#pages.draw()}`)],
      [CATEGORY, () => ok(this.#categoryPage())],
      [CATEGORIES, () => ok('/categories')],
      [BESTSELLERS, () => ok('/bestsellers')],
      [UNKNOWN, () => ({ path: `/products/${this.#gone.draw()}`, status: 404 })],
    ];
  }

  /** A path, and the status it has to be answered with. */
  next() {
    let dice = this.#random() * 100;
    for (const [percent, ask] of this.#kinds) if ((dice -= percent) < 0) return ask();
    return this.#kinds[0][1]();
  }

  #categoryPage() {
    const { id, size } = this.#categories.draw();
    const page = Math.min(this.#pages.draw(), Math.max(1, Math.ceil(size / PAGE_SIZE)));
    return `/categories/${id}/products?page=${page}`;
  }
}

function ok(path) {
  return { path, status: 200 };
}

/** What is changed meanwhile: hot products, as the shop sells and reprices those first. */
export class Changes {
  #random;
  #products;

  constructor(catalogue, seed) {
    const random = seededRandom(seed);
    const ids = Array.from({ length: catalogue.products }, (_, index) => index + 1);
    // Shuffled by the same seed as those of the customers: the same products are hot.
    this.#products = new PowerLaw(shuffled(ids, random), random);
    this.#random = random;
  }

  price() {
    return { id: this.#products.draw(), priceCents: 100 + Math.floor(this.#random() * 50_000) };
  }

  order() {
    const products = new Set([this.#products.draw(), this.#products.draw()]);
    return { lines: [...products].map((productId) => ({ productId, quantity: 1 })) };
  }
}
