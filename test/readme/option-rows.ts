import { runInNewContext } from 'node:vm';
import { parseDuration } from '../../lib/policy/duration.js';
import type { Table } from './markdown.js';

/** What a table says of one option. */
export interface OptionRow {
  readonly name: string;
  readonly unit: string;
  /** As the code would hold it; undefined for none. */
  readonly fallback: unknown;
  readonly text: string;
}

export function optionRowsOf({ rows }: Table): readonly OptionRow[] {
  return rows.map(([name = '', unit = '', fallback = '', text = '']) => ({
    name: name.replaceAll('`', ''),
    unit,
    fallback: unit.startsWith('duration') ? parseDuration(meaningOf(fallback)) : meaningOf(fallback),
    text,
  }));
}

/** A number or what stands in backticks is meant literally; other words stand for themselves. */
function meaningOf(cell: string): unknown {
  if (cell === 'none') return undefined;
  const code = /^`(.*)`$/.exec(cell)?.[1] ?? (/^[\d.]+$/.test(cell) ? cell : undefined);
  return code === undefined ? cell : (runInNewContext(`(${code})`) as unknown);
}
