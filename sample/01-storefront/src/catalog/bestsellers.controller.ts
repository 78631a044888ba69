import { Controller, Get } from '@nestjs/common';
import { BestsellersService } from './bestsellers.service.js';
import type { Product } from './product.js';

@Controller('bestsellers')
export class BestsellersController {
  readonly #bestsellers: BestsellersService;

  constructor(bestsellers: BestsellersService) {
    this.#bestsellers = bestsellers;
  }

  @Get()
  list(): Promise<Product[]> {
    return this.#bestsellers.list();
  }
}
