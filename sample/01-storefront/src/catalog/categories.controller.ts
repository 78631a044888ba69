import { Controller, Get, Param, Query } from '@nestjs/common';
import { PageQuery } from './catalog.input.js';
import { CategoriesService, type Category } from './categories.service.js';
import type { ProductPage } from './product-page.js';
import { RowIdPipe } from './row-id.pipe.js';

@Controller('categories')
export class CategoriesController {
  readonly #categories: CategoriesService;

  constructor(categories: CategoriesService) {
    this.#categories = categories;
  }

  @Get()
  all(): Promise<Category[]> {
    return this.#categories.all();
  }

  @Get(':id/products')
  products(@Param('id', RowIdPipe) id: number, @Query() { page }: PageQuery): Promise<ProductPage> {
    return this.#categories.products(id, page);
  }
}
