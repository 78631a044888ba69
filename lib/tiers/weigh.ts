import { types } from 'node:util';
import type { Entry } from '../core/entry.js';

/** What V8 spends on 64-bit machines, in bytes: rounded up, because a bound that is exceeded is no bound. */
const COST = { entry: 520, object: 56, slot: 8, text: 24, number: 16, buffer: 120, keyedSlot: 40 };

/** Objects of so many properties share their names with others of their shape; larger ones are dictionaries with their own. */
const MOST_OF_A_SHAPE = 32;

/** An estimate of the memory that an entry holds: its value and all the value refers to, its key, its tags, itself. */
export function weighEntry(entry: Entry): number {
  let total = COST.entry + weighText(entry.key) + weigh(entry.value);
  for (const tag of entry.tags) total += COST.slot + weighText(tag);
  return total;
}

/** UTF-8 is never shorter than what V8 keeps for text that is all Latin-1, which nearly all text is. */
function weighText(text: string): number {
  return COST.text + Buffer.byteLength(text);
}

/** Walks the value with a list instead of the stack; what is referred to twice counts once. */
function weigh(root: unknown): number {
  const seen = new Set<object>();
  const pending: unknown[] = [root];
  let total = 0;
  while (pending.length > 0) {
    const value = pending.pop();
    if (typeof value === 'string') total += weighText(value);
    else if (typeof value === 'number') total += COST.number;
    else if (typeof value === 'bigint') total += COST.number + Math.ceil(value.toString(16).length / 2);
    else if (typeof value === 'object' && value !== null && !seen.has(value)) {
      seen.add(value);
      total += weighObject(value, pending);
    }
  }
  return total;
}

/** The object's own share; what it refers to is added to `pending`. */
function weighObject(value: object, pending: unknown[]): number {
  if (ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value)) return COST.buffer + value.byteLength;
  if (types.isMap(value)) {
    for (const [key, item] of value) pending.push(key, item);
    return COST.object + value.size * COST.keyedSlot;
  }
  if (types.isSet(value)) {
    for (const item of value) pending.push(item);
    return COST.object + value.size * COST.keyedSlot;
  }
  const names = Object.keys(value);
  const own = names.length > MOST_OF_A_SHAPE ? names.reduce((sum, name) => sum + weighText(name), 0) : 0;
  // What lies there, not what a getter of a shared instance would give or throw.
  for (const name of names) pending.push(Object.getOwnPropertyDescriptor(value, name)?.value);
  return COST.object + names.length * COST.slot + own;
}
