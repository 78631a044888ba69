import { mayCover } from '../redis/processes/catalogue.js';
import type { Place } from '../redis/processes/verdict.js';
import type { History } from '../redis/processes/history.js';
import type { Suffered } from './account.js';

const BEFORE = 1_500;
const AFTER = 100;
/** Of what the processes did; what befell them is told in full. */
const MOST_LINES = 60;

/** What a history shows around a place, in the order in which it happened; times are those from the place on. */
export function surroundings(
  history: History,
  { at, by, key, other }: Place,
  faults: readonly Suffered[],
): readonly string[] {
  const [from, to] = [at - BEFORE, at + AFTER];
  const befell: Line[] = [];
  const lines: Line[] = [];
  const tell = (when: number, text: string): void => {
    if (when >= from && when <= to) lines.push({ at: when, text: `${(when - at).toFixed(1)} ms: ${text}` });
  };
  for (const { name, began, ended } of faults) {
    if (ended < from || began > to) continue;
    befell.push({ at: began, text: `fault from ${(began - at).toFixed(1)} to ${(ended - at).toFixed(1)} ms: ${name}` });
  }
  for (const { of, process = 'all', concerns, from: began, to: ended } of history.disturbances) {
    if (ended < from || began > to) continue;
    const whose = key !== undefined && concerns?.(key) === false ? ', for other keys' : '';
    const span = `${(began - at).toFixed(1)} to ${(ended - at).toFixed(1)}`;
    befell.push({ at: began, text: `disturbed from ${span} ms: the ${of} of ${process}${whose}` });
  }
  for (const event of history.events) {
    if (event.by === by || event.by === other) tell(event.at, `${event.by} ${event.kind}: ${event.text}`);
  }
  for (const one of key === undefined ? [] : history.invalidations) {
    if (!mayCover(one.scope, one.name, key as string)) continue;
    tell(one.called, `${one.by} calls ${one.scope} ${one.name}${one.id === undefined ? '' : ` (${one.id})`}`);
    const end = `${one.by} ${one.error === undefined ? 'is done with' : 'is refused'} ${one.scope} ${one.name}`;
    if (one.over !== undefined) tell(one.over, `${end}${one.error === undefined ? '' : `: ${one.error}`}`);
  }
  for (const load of history.loads) {
    if (load.key !== key) continue;
    tell(load.began, `load ${load.id} of row ${load.row} begins`);
    if (load.ended !== undefined) tell(load.ended, `load ${load.id} ends`);
  }
  const last = new Map<string, string>();
  for (const { key: of, by: who, value, error, how, at: from, end } of history.reads) {
    if (of !== key || (who !== by && who !== other)) continue;
    const what = `${who} reads ${value?.id ?? error ?? 'nothing'} by ${how}`;
    // What memory answers again and again is told of once.
    if (how !== 'memory' || last.get(who) !== what) tell(from, `${what} until ${(end - at).toFixed(1)}`);
    last.set(who, what);
  }
  const inOrder = (some: Line[]): readonly Line[] => some.sort((a, b) => a.at - b.at);
  return [...inOrder(befell), ...inOrder(lines).slice(-MOST_LINES)].map(({ text }) => text);
}

interface Line {
  readonly at: number;
  readonly text: string;
}
