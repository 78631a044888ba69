import { ConsoleLogger } from '@nestjs/common';

/** A line for each module and route: more than one wants to read before what the storefront itself has to say. */
const CHATTY = ['InstanceLoader', 'RoutesResolver', 'RouterExplorer'];
/** These tell with a stack why the application does not start; `main` tells it in one line. */
const TELLING_FAILED_STARTS = ['ExceptionHandler', 'NestApplication'];

export class CalmLogger extends ConsoleLogger {
  override log(message: unknown, ...rest: unknown[]): void {
    if (!CHATTY.includes(String(rest.at(-1)))) super.log(message, ...rest);
  }

  override error(message: unknown, ...rest: unknown[]): void {
    if (!TELLING_FAILED_STARTS.includes(String(rest.at(-1)))) super.error(message, ...rest);
  }
}
