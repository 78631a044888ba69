import { HttpException, HttpStatus } from '@nestjs/common';

const NOT_FOUND: readonly number[] = [HttpStatus.NOT_FOUND, HttpStatus.GONE];

/** Whether an error is an `HttpException` of 404 or 410: an answer, and remembered as one. The default of `isNegativeError` in Nest. */
export function isNotFoundError(error: unknown): boolean {
  return error instanceof HttpException && NOT_FOUND.includes(error.getStatus());
}
