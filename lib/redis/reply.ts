import { parseState, type State } from './records.js';

/** A reply that no script of ours gives: something between us and the server changed it. */
export class ReplyError extends Error {}

/** A script's reply, or a part of it, taken for what it has to be. */
export class Reply {
  readonly #raw: unknown;

  constructor(raw: unknown) {
    this.#raw = raw;
  }

  number(index?: number): number {
    const value = this.#at(index);
    if (typeof value === 'number') return value;
    throw new ReplyError(`a ${typeof value} where a number has to be`);
  }

  bytes(index?: number): Buffer {
    const value = this.bytesOrNull(index);
    if (value !== null) return value;
    throw new ReplyError('nothing where text has to be');
  }

  bytesOrNull(index?: number): Buffer | null {
    return bytesOrNull(this.#at(index));
  }

  text(index?: number): string {
    return this.bytes(index).toString('latin1');
  }

  state(index?: number): State {
    const state = parseState(this.bytes(index));
    if (state !== undefined) return state;
    throw new ReplyError('something else where a state has to be');
  }

  /** The rest of a list. */
  from(index: number): readonly (Buffer | null)[] {
    return this.#list().slice(index).map(bytesOrNull);
  }

  #at(index: number | undefined): unknown {
    return index === undefined ? this.#raw : this.#list()[index];
  }

  #list(): readonly unknown[] {
    if (Array.isArray(this.#raw)) return this.#raw;
    throw new ReplyError(`a ${typeof this.#raw} where a list has to be`);
  }
}

function bytesOrNull(value: unknown): Buffer | null {
  if (value === null || Buffer.isBuffer(value)) return value;
  throw new ReplyError(`a ${typeof value} where text has to be`);
}
