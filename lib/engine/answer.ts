import type { Entry } from '../core/entry.js';
import { cloneForReader } from '../policy/isolation.js';

/** What an entry says to one reader: its value, a copy of it, or the error it remembers. */
export function answerOf(entry: Entry): unknown {
  if (entry.terms.form === 'error') throw entry.value;
  return entry.terms.form === 'cloned' ? cloneForReader(entry.value) : entry.value;
}

/** The same as a promise. */
export function answer(entry: Entry): Promise<unknown> {
  if (entry.terms.form === 'shared') return entry.answer();
  if (entry.terms.form === 'error') return Promise.reject(entry.value as Error);
  return Promise.resolve(answerOf(entry));
}
