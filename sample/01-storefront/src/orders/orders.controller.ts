import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { RowIdPipe } from '../catalog/row-id.pipe.js';
import { NewOrder } from './orders.input.js';
import { type Order, OrdersService } from './orders.service.js';

@Controller('orders')
export class OrdersController {
  readonly #orders: OrdersService;

  constructor(orders: OrdersService) {
    this.#orders = orders;
  }

  @Post()
  place(@Body() { lines }: NewOrder): Promise<Order> {
    return this.#orders.place(lines);
  }

  @Get(':id')
  find(@Param('id', RowIdPipe) id: number): Promise<Order> {
    return this.#orders.find(id);
  }
}
