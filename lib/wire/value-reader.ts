import { binaryFrom } from './binary-kinds.js';
import type { WireLimits } from './limits.js';
import {
  BIG_INT,
  BINARY,
  DATE,
  HOLE,
  INFINITE,
  INSTANCE,
  MAP,
  MARK,
  MARK_CODE,
  MINUS_INFINITE,
  MINUS_ZERO,
  NOT_A_NUMBER,
  NULL_PROTOTYPE,
  SET,
  UNDEFINED,
} from './marks.js';
import type { RevivedClass } from './value-writer.js';
import { ClassNeededError, UnreadableError } from './wire-errors.js';

type Members = Record<string, unknown>;

const CONSTANTS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  [UNDEFINED, undefined],
  [NOT_A_NUMBER, Number.NaN],
  [INFINITE, Infinity],
  [MINUS_INFINITE, -Infinity],
  [MINUS_ZERO, -0],
]);

/** What an array stands for that begins so. */
const STAND_INS: readonly unknown[] = [MAP, SET, NULL_PROTOTYPE, INSTANCE];

/** Puts what the marks stand for into a value that was parsed, and trusts nothing that it finds there. */
export class ValueReader {
  readonly #limits: WireLimits;
  readonly #type: RevivedClass | undefined;
  /** The bytes of binary data not yet taken. */
  #rest: Uint8Array;
  #deepestInstance = 0;

  constructor(binary: Uint8Array, limits: WireLimits, type: RevivedClass | undefined) {
    this.#rest = binary;
    this.#limits = limits;
    this.#type = type;
  }

  readAll(parsed: unknown): unknown {
    this.#deepestInstance = Array.isArray(parsed) && !STAND_INS.includes(parsed[0]) ? 1 : 0;
    const value = this.#read(parsed, 0);
    if (this.#rest.length > 0) throw new UnreadableError('there are bytes that belong to nothing');
    return value;
  }

  #read(parsed: unknown, depth: number): unknown {
    if (!mayDiffer(parsed)) return parsed;
    if (typeof parsed === 'string') return this.#marked(parsed);
    if (depth >= this.#limits.depth) throw tooDeep(this.#limits);
    return Array.isArray(parsed) ? this.#array(parsed, depth) : this.#members(parsed, depth);
  }

  #array(parsed: unknown[], depth: number): unknown {
    switch (parsed[0]) {
      case MAP:
        return this.#map(parsed, depth);
      case SET:
        return this.#set(parsed, depth);
      case NULL_PROTOTYPE:
        return Object.setPrototypeOf(this.#wrapped(parsed, depth), null);
      case INSTANCE:
        return this.#instance(parsed, depth);
      default:
        return this.#items(parsed, depth);
    }
  }

  /** In place: what was parsed has every index as a property of its own, so that nothing inherited is met. */
  #items(parsed: unknown[], depth: number): unknown[] {
    for (let index = 0; index < parsed.length; index++) {
      const item = parsed[index];
      if (item === HOLE) {
        Reflect.deleteProperty(parsed, index);
        continue;
      }
      if (!mayDiffer(item)) continue;
      const read = this.#read(item, depth + 1);
      if (read !== item) parsed[index] = read;
    }
    return parsed;
  }

  /** In place, likewise: parsing makes own properties only, of `__proto__` too. */
  #members(parsed: object, depth: number): object {
    const members = parsed as Members;
    for (const name of Object.keys(members)) {
      const member = members[name];
      if (!mayDiffer(member)) continue;
      const read = this.#read(member, depth + 1);
      if (read !== member) members[name] = read;
    }
    return members;
  }

  #map(parsed: readonly unknown[], depth: number): Map<unknown, unknown> {
    if (parsed.length % 2 === 0) throw new UnreadableError('a map lacks a value');
    const map = new Map<unknown, unknown>();
    for (let index = 1; index < parsed.length; index += 2) {
      const key = this.#read(parsed[index], depth + 1);
      map.set(key, this.#read(parsed[index + 1], depth + 1));
    }
    return map;
  }

  #set(parsed: readonly unknown[], depth: number): Set<unknown> {
    const set = new Set<unknown>();
    for (let index = 1; index < parsed.length; index++) set.add(this.#read(parsed[index], depth + 1));
    return set;
  }

  /** A class instance never comes back as a bare object: fields that its class hides would be shown. */
  #instance(parsed: readonly unknown[], depth: number): object {
    if (this.#type === undefined) throw new ClassNeededError();
    if (depth > this.#deepestInstance) throw new UnreadableError('an instance stands where none is written');
    return Object.setPrototypeOf(this.#wrapped(parsed, depth), this.#type.prototype) as object;
  }

  #wrapped(parsed: readonly unknown[], depth: number): object {
    const members = parsed[1];
    if (parsed.length !== 2 || typeof members !== 'object' || members === null || Array.isArray(members)) {
      throw new UnreadableError('a mark wants an object');
    }
    return this.#members(members, depth);
  }

  #marked(text: string): unknown {
    const rest = text.slice(2);
    switch (text.charAt(1)) {
      case MARK:
        return text.slice(1);
      case DATE:
        return dateFrom(rest);
      case BIG_INT:
        return bigIntFrom(rest);
      case BINARY:
        return this.#binary(rest);
      default:
        return constantFrom(text);
    }
  }

  #binary(rest: string): unknown {
    const length = rest.slice(1);
    if (!/^\d{1,10}$/.test(length) || Number(length) > this.#rest.length) {
      throw new UnreadableError('binary data are cut off');
    }
    const bytes = this.#rest.subarray(0, Number(length));
    this.#rest = this.#rest.subarray(Number(length));
    const value = binaryFrom({ letter: rest.charAt(0), bytes });
    if (value === undefined) throw new UnreadableError('binary data are of no known class');
    return value;
  }
}

/** Whether something parsed is, or can hold, something marked. */
function mayDiffer(parsed: unknown): parsed is object | string {
  if (typeof parsed === 'string') return parsed.charCodeAt(0) === MARK_CODE;
  return typeof parsed === 'object' && parsed !== null;
}

export function tooDeep({ depth }: WireLimits): UnreadableError {
  return new UnreadableError(`it is nested more than ${depth} deep`);
}

function dateFrom(text: string): Date {
  const date = new Date(Number(text));
  if (Number.isNaN(date.getTime()) && text !== 'NaN') throw new UnreadableError('a date has no such time');
  return date;
}

/** Hexadecimal, because the time to read decimal digits grows faster than their number. */
function bigIntFrom(text: string): bigint {
  const isNegative = text.startsWith('-');
  try {
    const size = BigInt(`0x${isNegative ? text.slice(1) : text}`);
    return isNegative ? -size : size;
  } catch {
    throw new UnreadableError('a bigint has other than digits');
  }
}

function constantFrom(text: string): unknown {
  if (!CONSTANTS.has(text)) throw new UnreadableError('a mark is unknown');
  return CONSTANTS.get(text);
}
