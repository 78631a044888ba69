import type { LoggerService } from '@nestjs/common';

type Level = 'log' | 'warn' | 'error';

/** A logger of an application that writes down what it is told. */
export class RecordingLogger implements LoggerService {
  readonly #lines: { readonly level: Level; readonly text: string; readonly context: unknown }[] = [];

  log(message: unknown, ...rest: unknown[]): void {
    this.#note('log', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.#note('warn', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.#note('error', message, rest);
  }

  /** The cache's own lines of one level. */
  of(level: Level): string[] {
    return this.#lines.filter((line) => line.level === level && line.context === 'LayerCache').map(({ text }) => text);
  }

  #note(level: Level, message: unknown, rest: readonly unknown[]): void {
    this.#lines.push({ level, text: String(message), context: rest.at(-1) });
  }
}
