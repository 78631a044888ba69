import type { InvalidationRecord, LoadRecord, Value } from './records.js';

/** Where a value comes from: when that began, and, if it was set, when that was over for sure. */
export interface Origin {
  readonly by: string;
  readonly row: number;
  readonly began: number;
  /** Undefined: it was loaded. */
  readonly setOver?: number;
}

/** What came before an invalidation, and when that was. */
export function told(
  value: Value,
  origin: Origin,
  { by, scope, name, called, over, error }: InvalidationRecord,
): string {
  const end =
    over === undefined ? 'not over' : `${error === undefined ? 'acknowledged' : 'rejected'} at ${shown(over)}`;
  const kind = origin.setOver === undefined ? 'load' : 'set';
  return `${kind} ${value.id}, begun at ${shown(origin.began)}, in spite of ${scope} ${name} by ${by}, called at ${shown(called)}, ${end}`;
}

export function loadShown({ id, began, ended }: LoadRecord): string {
  return `${id} from ${shown(began)} to ${ended === undefined ? '?' : shown(ended)}`;
}

export function shown(at: number): string {
  return at.toFixed(1);
}
