import { Body, Controller, Get, Param, Patch, Query } from '@nestjs/common';
import { Cached } from 'nestjs-layercache';
import { type User, UsersService } from './users.service.js';

@Controller('users')
export class UsersController {
  readonly calls: string[] = [];
  readonly #users: UsersService;

  constructor(users: UsersService) {
    this.#users = users;
  }

  @Get()
  @Cached()
  all(...rest: unknown[]): Promise<{ readonly given: number }> {
    this.calls.push('all');
    return Promise.resolve({ given: rest.length });
  }

  @Get('search')
  @Cached()
  search(@Query('q') q: string, @Query('page') page?: string): Promise<string> {
    this.calls.push(`search ${q} ${page}`);
    return Promise.resolve(`${q} ${page}`);
  }

  @Get('rates/:of')
  @Cached({ shared: true })
  rate(@Param('of') of: string): Promise<string> {
    this.calls.push(`rate ${of}`);
    return Promise.resolve(of);
  }

  @Get(':id')
  find(@Param('id') id: string): Promise<User> {
    return this.#users.find(id);
  }

  @Patch(':id')
  rename(@Param('id') id: string, @Body() body: { readonly name: string }): Promise<void> {
    return this.#users.rename(id, body.name);
  }
}
