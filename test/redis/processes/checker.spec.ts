import { describe, expect, it } from '@jest/globals';
import { Checker } from './checker.js';
import type { Verdict } from './verdict.js';
import { History } from './history.js';
import type { InvalidationRecord, LoadRecord, Note, ReadRecord } from './records.js';

const PROMISED = { staleBound: 500, detachedTtl: 700, restFrom: 100_000 };
/** Carries the tag `blue`, and no other. */
const KEY = 'declared-1';

const load = (fields: Partial<LoadRecord>): LoadRecord => ({
  ...{ kind: 'load', by: 'p0', key: KEY, row: 1, id: 'p0/1', began: 1_000, ended: 1_010 },
  ...fields,
});
const read = (fields: Partial<ReadRecord>): ReadRecord => ({
  ...{ kind: 'read', by: 'p1', key: KEY, at: 2_000, end: 2_001, how: 'memory' },
  value: { key: KEY, row: 1, id: 'p0/1' },
  ...fields,
});
const invalidation = (fields: Partial<InvalidationRecord>): InvalidationRecord => ({
  ...{ kind: 'invalidation', by: 'p0', scope: 'key', name: KEY, called: 1_400, over: 1_401 },
  ...fields,
});
const pending = { error: 'InvalidationPendingError: it cannot be reached' };

function judged(notes: readonly Note[], prepare: (history: History) => void = () => undefined): Verdict {
  const history = new History();
  prepare(history);
  for (const note of notes) history.take(note);
  return new Checker(history, PROMISED).judge();
}

const complaints = (...args: Parameters<typeof judged>): readonly string[] =>
  judged(...args).violations.map((violation) => violation.slice(0, violation.search(/[:,]/)));

describe('The checker is content', () => {
  it.each<[string, Note[]]>([
    ['with a value that nothing ended', [load({}), read({})]],
    ['with memory that is late, but not too late', [load({}), invalidation({}), read({ at: 1_900 })]],
    [
      'with a load that began after an invalidation',
      [load({ began: 1_450, ended: 1_460 }), invalidation({}), read({})],
    ],
    ['with an invalidation of something else', [load({}), invalidation({ name: 'plain-0' }), read({})]],
    ['with a tag that the value does not carry', [load({}), invalidation({ scope: 'tag', name: 'red' }), read({})]],
    [
      'with one that was called when the read had begun',
      [load({}), invalidation({ called: 2_000.5, over: 3_000 }), read({ how: 'own' })],
    ],
    ['with one that is not acknowledged yet', [load({}), invalidation({ over: 2_000.5 }), read({ how: 'own' })]],
    ['with an error of the loader itself', [load({}), read({ value: undefined, error: 'SourceFailure: p0/1' })]],
    ['with two loads one after the other', [load({}), load({ id: 'p1/1', by: 'p1', began: 1_010, ended: 1_020 })]],
    [
      'with two loads at once that an invalidation came between',
      [load({ ended: 3_000 }), invalidation({}), load({ id: 'p1/1', by: 'p1', began: 1_402, ended: 1_450 })],
    ],
    [
      'with a value that another process set while it was invalidated',
      [
        invalidation({ scope: 'set', by: 'p2', called: 1_399, over: 1_402, id: 'p2/9', row: 7 }),
        invalidation({}),
        read({ how: 'own', value: { key: KEY, row: 7, id: 'p2/9' } }),
      ],
    ],
  ])('%s', (_what, notes) => {
    expect(judged(notes).violations).toEqual([]);
  });

  it('with memory that is too late, in a process that was cut off', () => {
    const notes = [load({}), invalidation({}), read({ at: 2_500, end: 2_501 })];
    const cutOff = (history: History): void => history.disturb('path', 300, 'p1')(400);
    expect(complaints(notes)).toEqual(['G2']);
    expect(complaints(notes, cutOff)).toEqual([]);
  });

  it('with memory that is too late in a process to which Redis was silent, as it said once, before', () => {
    const silence = (at: number, text = 'redis heartbeat: Redis did not answer within 250 ms'): Note => ({
      ...{ kind: 'error', by: 'p1', at, text },
    });
    const notes = [load({}), invalidation({}), read({ at: 2_500, end: 2_501 })];
    expect(complaints([...notes, silence(500)])).toEqual([]);
    expect(complaints([...notes, silence(-200)])).toEqual(['G2']);
    expect(complaints([...notes, silence(500, 'redis heartbeat: OOM')])).toEqual(['G2']);
  });

  it('with two loads at once around the death of a process, whose last invalidations nobody was told of', () => {
    const notes = [load({}), load({ id: 'p1/1', by: 'p1', began: 1_009, ended: 1_020 })];
    const death = (at: number) => (history: History) => void history.killed.set('p5', at);
    for (const at of [500, 1_005, 1_100]) expect(complaints(notes, death(at))).toEqual([]);
    for (const at of [390, 1_200]) expect(complaints(notes, death(at))).toEqual(['G6']);
  });

  it('with two loads at once that an invalidation came between, which was said again by who had just returned', () => {
    const notes = [
      invalidation({ by: 'p2', called: 590, over: 600 }),
      load({}),
      load({ id: 'p1/1', by: 'p1', began: 1_009, ended: 1_020 }),
    ];
    const cut = (whose: string) => (history: History) =>
      history.disturb('path', 200, 'p2', (key) => key === whose)(300);
    expect(complaints(notes, cut(KEY))).toEqual([]);
    expect(complaints(notes, cut('plain-0'))).toEqual(['G6']);
    expect(complaints(notes)).toEqual(['G6']);
  });

  it('with two loads at once, where the process of the first missed messages meanwhile', () => {
    const twice = (by: string): Note[] => [load({}), load({ id: `${by}/2`, by, began: 1_009, ended: 1_020 })];
    const missed = (from: number, by: string) => (history: History) => history.disturb('messages', from, by)(from + 2);
    for (const by of ['p0', 'p1']) {
      for (const at of [720, 1_005]) expect(complaints(twice(by), missed(at, 'p0'))).toEqual([]);
      expect(complaints(twice(by), missed(690, 'p0'))).toEqual(['G6']);
      expect(complaints(twice(by), missed(1_005, 'p2'))).toEqual(['G6']);
    }
  });

  it('with what is explained by what befell its own key, not that of another', () => {
    const notes = [load({}), invalidation({}), read({ at: 2_500, end: 2_501 })];
    const broken: Note = { kind: 'error', by: 'p1', at: 1_500, text: 'Redis cannot be reached now' };
    const cut = (whose: string) => (history: History) =>
      history.disturb('path', 1_300, undefined, (key) => key === whose)(1_600);
    expect(complaints(notes, cut(KEY))).toEqual([]);
    expect(complaints(notes, cut('plain-0'))).toEqual(['G2']);
    expect(complaints([...notes, broken], cut('plain-0'))).toEqual(['G2']);
    expect(complaints([...notes, broken], cut(KEY))).toEqual([]);
  });

  it('with a tag that could not be told of at the servers of other keys', () => {
    const refused = (scope: 'tag' | 'key'): Note =>
      invalidation({ scope, name: scope === 'tag' ? 'blue' : KEY, ...pending });
    const cut = (history: History): void =>
      history.disturb('path', 1_300, undefined, (key) => key === 'plain-0')(1_600);
    expect(complaints([refused('tag')], cut)).toEqual([]);
    expect(complaints([refused('key')], cut)).toEqual(['rejected though nothing stood in its way']);
  });

  it('with a value of which a process that was killed can tell nothing more', () => {
    const value = { key: KEY, row: 1, id: 'p5/1' };
    expect(complaints([read({ value })], ({ killed }) => killed.set('p5', 1_500))).toEqual([]);
  });
});

describe('The checker bites', () => {
  it.each<[string, Note[], string]>([
    [
      'when Redis or a load answers with what was invalidated',
      [load({}), invalidation({}), read({ at: 1_402, how: 'own' })],
      'G1',
    ],
    ['when memory does so later than allowed', [load({}), invalidation({}), read({ at: 1_902 })], 'G2'],
    ['when a load was joined too late', [load({}), invalidation({}), read({ at: 1_902, how: 'joined' })], 'G2'],
    [
      'when a tag of the value was invalidated',
      [load({}), invalidation({ scope: 'tag', name: 'blue' }), read({})],
      'G2',
    ],
    ['when everything was', [load({}), invalidation({ scope: 'all', name: '' }), read({})], 'G2'],
    ['when something else was set', [load({}), invalidation({ scope: 'set', id: 'p0/2', row: 2 }), read({})], 'G2'],
    [
      'when a process reads what it has itself invalidated',
      [load({}), invalidation({ by: 'p1', over: 3_000 }), read({ at: 1_401 })],
      'G3',
    ],
    [
      'even if it could tell nobody',
      [
        load({}),
        invalidation({ by: 'p1', ...pending }),
        { kind: 'stall', by: 'p1', at: 1_400, text: '' },
        read({ at: 1_402 }),
      ],
      'G3',
    ],
    [
      'when something older is there at rest, and nobody was told in time',
      [
        load({}),
        { kind: 'stall', by: 'p0', at: 1_400, text: '' },
        invalidation(pending),
        read({ at: 100_001, end: 100_002 }),
      ],
      'G5',
    ],
    ['when two load at once', [load({}), load({ id: 'p1/1', by: 'p1', began: 1_009, ended: 1_020 })], 'G6'],
    ['when one process loads twice at once', [load({}), load({ id: 'p0/2', began: 1_009, ended: 1_020 })], 'G6'],
    [
      'when a read fails because of the cache',
      [read({ value: undefined, error: 'Error: no Redis' })],
      'a read failed because of the cache',
    ],
    [
      'when an invalidation has no end',
      [{ kind: 'invalidation', by: 'p0', scope: 'key', name: KEY, called: 1 }],
      'without an end',
    ],
    ['when one is rejected for nothing', [invalidation(pending)], 'rejected though nothing stood in its way'],
    ['when nobody loaded what is read', [read({})], 'nobody loaded it'],
    ['when it is of another key', [load({}), read({ key: 'plain-0' })], 'another value'],
    ['when it is another row', [load({ row: 3 }), read({})], 'another value'],
    ['when a rejection is handled by nobody', [{ kind: 'unhandled', by: 'p0', at: 1, text: 'x' }], 'unhandled'],
    ['when a process is warned', [{ kind: 'warning', by: 'p0', at: 1, text: 'x' }], 'warning'],
    ['when somebody waits for ever', [{ kind: 'unended', by: 'p0', at: 1, text: 'x' }], 'unended'],
  ])('%s', (_what, notes, rule) => {
    expect(complaints(notes)).toEqual([rule]);
  });
});
