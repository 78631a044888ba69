import type { LoggerService } from '@nestjs/common';

/** A Nest logger that writes everything down. */
export class HttpLog implements LoggerService {
  readonly all: { readonly level: string; readonly text: string }[] = [];

  log(...parts: unknown[]): void {
    this.#note('log', parts);
  }

  warn(...parts: unknown[]): void {
    this.#note('warn', parts);
  }

  error(...parts: unknown[]): void {
    this.#note('error', parts);
  }

  debug(...parts: unknown[]): void {
    this.#note('debug', parts);
  }

  verbose(...parts: unknown[]): void {
    this.#note('verbose', parts);
  }

  fatal(...parts: unknown[]): void {
    this.#note('fatal', parts);
  }

  /** The warnings of the cache. */
  get warnings(): readonly string[] {
    return this.#ours('warn');
  }

  /** The errors that the cache reports. */
  get errors(): readonly string[] {
    return this.#ours('error');
  }

  /** Everything that the cache says, at whatever level. */
  get ours(): readonly string[] {
    return this.#ours();
  }

  #ours(level?: string): readonly string[] {
    return this.all
      .filter((line) => line.text.startsWith(OURS) && (level === undefined || line.level === level))
      .map(({ text }) => text.slice(OURS.length));
  }

  /** Nest hands in the message first and the logger's context last. */
  #note(level: string, parts: readonly unknown[]): void {
    const context = parts.length > 1 ? String(parts.at(-1)) : '';
    const said = parts.length > 1 ? parts.slice(0, -1) : parts;
    this.all.push({
      level,
      text: `[${context}] ${said
        .filter((part) => part !== undefined)
        .map(String)
        .join(' ')}`,
    });
  }
}

const OURS = '[LayerCache] ';
