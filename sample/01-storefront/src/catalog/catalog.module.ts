import { Module } from '@nestjs/common';
import { BestsellersController } from './bestsellers.controller.js';
import { BestsellersService } from './bestsellers.service.js';
import { CategoriesController } from './categories.controller.js';
import { CategoriesService } from './categories.service.js';
import { ProductsController } from './products.controller.js';
import { ProductsService } from './products.service.js';

@Module({
  controllers: [ProductsController, CategoriesController, BestsellersController],
  providers: [ProductsService, CategoriesService, BestsellersService],
})
export class CatalogModule {}
