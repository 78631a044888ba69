import type { CacheService, Duration, FarTier } from 'nestjs-layercache';

// What the examples of README.md may name without saying where it comes from: these packages, and the shop below. Nothing of it
// runs.

export * from '@nestjs/common';
export * from '@nestjs/config';
export * from '@nestjs/testing';
export * from 'nestjs-layercache';
export * from 'nestjs-layercache/testing';

export interface User {
  id: string;
  name: string;
}

export interface Search {
  text: string;
  page: number;
}

/** As TypeORM has it, as far as the examples go. */
export interface Repository {
  findOneBy(where: Partial<User>): Promise<User | null>;
  findBy(where: Partial<Search>): Promise<User[]>;
  save(user: Partial<User>): Promise<User>;
}

export declare class UsersService {
  findOne(id: string): Promise<User | null>;
}

export interface Product {
  id: number;
  price: number;
}

export declare class ProductsService {
  find(id: number): Promise<Product>;
}

interface PriceAnswer {
  readonly price: number;
  readonly provisional: boolean;
  readonly validFor: Duration;
  readonly supplier: string;
}

interface PriceQuestion {
  readonly signal: AbortSignal;
  readonly previous: number | undefined;
}

export declare function fetchPrice(sku: string, question: PriceQuestion): Promise<PriceAnswer>;

export { readFile, rm, writeFile } from 'node:fs/promises';
export { it } from '@jest/globals';
export declare const files: FarTier;
export declare function pathOf(key: string): string;

export declare const cache: CacheService;
export declare const repository: Repository;
export declare const id: string;
export declare const sku: string;
