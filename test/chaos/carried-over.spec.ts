import { describe, expect, it } from '@jest/globals';
import { Checker } from '../redis/processes/checker.js';
import type { Verdict } from '../redis/processes/verdict.js';
import { History } from '../redis/processes/history.js';
import type { Note } from '../redis/processes/records.js';

const KEY = 'declared-1';
const PROMISED = { staleBound: 500, detachedTtl: 700 };
const BOUNDARY = 2_000;
const LIFE = 1_500;

const load = (id: string, began: number, ended = began + 5): Note => ({
  ...{ kind: 'load', by: id.slice(0, 2), key: KEY, row: 1, id, began, ended },
});
const read = (id: string, at: number): Note => ({
  ...{ kind: 'read', by: 'p1', key: KEY, at, end: at + 1, how: 'memory', value: { key: KEY, row: 1, id } },
});
const invalidation = (called: number, error?: string): Note => ({
  ...{ kind: 'invalidation', by: 'p0', scope: 'key', name: KEY, called, over: called + 1 },
  ...(error !== undefined && { error }),
});

/** Judged at the boundary, and at the end. */
function inTwo(notes: readonly Note[], prepare: (history: History) => void = () => undefined): readonly Verdict[] {
  const history = new History();
  prepare(history);
  const timeOf = (note: Note): number => ('at' in note ? note.at : 'called' in note ? note.called : note.began);
  const take = (which: (at: number) => boolean): void => {
    for (const note of notes) if (which(timeOf(note))) history.take(note);
  };
  const judge = (judgedUntil: number): Verdict =>
    new Checker(history, { ...PROMISED, restFrom: Number.POSITIVE_INFINITY, judgedUntil }).judge();
  take((at) => at < BOUNDARY);
  const first = judge(Number.NEGATIVE_INFINITY);
  history.forget(BOUNDARY - LIFE);
  take((at) => at >= BOUNDARY);
  return [first, judge(BOUNDARY)];
}

const complaints = (...args: Parameters<typeof inTwo>): readonly (readonly string[])[] =>
  inTwo(...args).map(({ violations }) => violations.map((one) => one.slice(0, one.search(/[:,]/))));

describe('What is judged in parts', () => {
  it('is judged by what came before the part', () => {
    expect(complaints([load('p0/1', 1_000), invalidation(1_800), read('p0/1', 2_400)])).toEqual([[], ['G2']]);
  });

  it('is excused by what came before it, as narrowly as in one piece', () => {
    const notes = [load('p0/1', 1_000), invalidation(1_800), read('p0/1', 2_400)];
    const cut = (from: number, to: number) => (history: History) => history.disturb('path', from, 'p1')(to);
    expect(complaints(notes, cut(1_700, 1_900))).toEqual([[], []]);
    expect(complaints(notes, cut(-9_000, -8_000))).toEqual([[], ['G2']]);
    const stall: Note = { kind: 'stall', by: 'p1', at: 1_900, text: '' };
    expect(complaints([...notes, stall])).toEqual([[], []]);
  });

  it('does not know whom it forgot: an answer from so long ago is wrong by itself', () => {
    expect(complaints([load('p0/1', 100), read('p0/1', 2_100)])).toEqual([[], ['nobody loaded it']]);
    expect(complaints([load('p0/1', 100), invalidation(300), read('p0/1', 2_100)])).toEqual([[], ['nobody loaded it']]);
  });

  it('no longer excuses by a process that was killed so long ago', () => {
    const killed = ({ killed: all }: History): void => void all.set('p7', 300);
    expect(complaints([read('p7/1', 1_900), read('p7/1', 2_100)], killed)).toEqual([[], ['nobody loaded it']]);
  });

  it('is complained of once', () => {
    const twice = [load('p0/1', 1_900, 2_050), load('p1/1', 1_950, 2_040)];
    const rejected = invalidation(1_700, 'InvalidationPendingError: it cannot be reached');
    expect(complaints([...twice, rejected, { kind: 'warning', by: 'p0', at: 1_600, text: 'x' }])).toEqual([
      ['rejected though nothing stood in its way', 'warning'],
      [],
    ]);
    expect(complaints([load('p0/1', 1_900, 2_050), load('p1/1', 2_010, 2_040)])).toEqual([[], ['G6']]);
  });

  it('takes what was rejected for told of by the rest between the parts, and no longer for a reason to load twice', () => {
    const cut = (history: History): void => history.disturb('path', 1_500)(1_600);
    const rejected = invalidation(1_700, 'InvalidationPendingError: it cannot be reached');
    const twice = (at: number): readonly Note[] => [load('p0/1', at, at + 50), load('p1/1', at + 10, at + 40)];
    expect(complaints([rejected, ...twice(1_900)], cut)).toEqual([[], []]);
    expect(complaints([rejected, ...twice(4_000)], cut)).toEqual([[], ['G6']]);
  });

  it('counts each thing once', () => {
    const verdicts = inTwo([load('p0/1', 1_000), read('p0/1', 1_100), read('p0/1', 2_100), load('p0/2', 2_200)]);
    expect(verdicts.map(({ account: { reads, loads } }) => [reads, loads])).toEqual([
      [1, 1],
      [1, 1],
    ]);
  });
});

describe('How stale a read was', () => {
  const lagsOf = (notes: readonly Note[], prepare?: (history: History) => void): Verdict['lags'] =>
    inTwo(notes, prepare).flatMap(({ lags }) => lags);
  const notes = [load('p0/1', 1_000), invalidation(1_099), invalidation(1_149), read('p0/1', 1_200)];

  it('is told by the first that it outlived', () => {
    expect(lagsOf(notes)).toEqual([{ ms: 100, during: 'calm', late: 0 }]);
  });

  it('is told apart by what went on meanwhile', () => {
    const during = (of: 'path' | 'state' | 'messages', process?: string) =>
      lagsOf(notes, (history) => history.disturb(of, 1_120, process)(1_130)).map((lag) => lag.during);
    expect(during('messages')).toEqual(['fault']);
    expect(during('state')).toEqual(['fault']);
    expect(during('path', 'p1')).toEqual(['cut']);
    expect(during('path', 'p0')).toEqual(['calm']);
  });
});

describe('While writes are refused', () => {
  it('an invalidation may be rejected, and nobody may answer with anything older for it', () => {
    const refused = (history: History): void => history.disturb('writes', 1_000)(1_500);
    const pending = invalidation(1_100, 'InvalidationPendingError: it cannot be reached');
    expect(complaints([pending], refused)).toEqual([[], []]);
    expect(complaints([load('p0/1', 900), invalidation(1_100), read('p0/1', 1_700)], refused)).toEqual([['G2'], []]);
  });
});
