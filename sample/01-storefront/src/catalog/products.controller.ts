import { Body, Controller, Get, Param, Patch, Query } from '@nestjs/common';
import { Cached, CacheTags } from 'nestjs-layercache';
import { NewPrice, SearchQuery } from './catalog.input.js';
import { type Product, productTag } from './product.js';
import type { ProductPage } from './product-page.js';
import { ProductsService } from './products.service.js';
import { RowIdPipe } from './row-id.pipe.js';

@Controller('products')
export class ProductsController {
  readonly #products: ProductsService;

  constructor(products: ProductsService) {
    this.#products = products;
  }

  @Get()
  search(@Query() { search, page }: SearchQuery): Promise<ProductPage> {
    return this.#products.search(search.toLowerCase(), page);
  }

  /** Shared: what a product is does not depend on who asks, even if the request has a cookie. */
  @Get(':id')
  @Cached({ shared: true })
  @CacheTags(productTag)
  find(@Param('id', RowIdPipe) id: number): Promise<Product> {
    return this.#products.find(id);
  }

  @Patch(':id/price')
  changePrice(@Param('id', RowIdPipe) id: number, @Body() { priceCents }: NewPrice): Promise<Product> {
    return this.#products.changePrice(id, priceCents);
  }
}
