import { type ArgumentsHost, Catch, type ExceptionFilter, HttpStatus } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { InvalidationPendingError } from 'nestjs-layercache';

/** Here it is done, and Redis is told as soon as it can be: that is no failure, but not the whole success either. */
@Catch(InvalidationPendingError)
export class InvalidationPendingFilter implements ExceptionFilter<InvalidationPendingError> {
  readonly #adapter: HttpAdapterHost;

  constructor(adapter: HttpAdapterHost) {
    this.#adapter = adapter;
  }

  catch(error: InvalidationPendingError, host: ArgumentsHost): void {
    const body = { statusCode: HttpStatus.ACCEPTED, message: error.message };
    this.#adapter.httpAdapter.reply(host.switchToHttp().getResponse(), body, HttpStatus.ACCEPTED);
  }
}
