import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { Journal, type Owed, type Target } from '../../../lib/coherence/journal.js';
import { stateOf } from '../../support/source.js';

const key = (name: string): Target => ({ kind: 'key', key: name });
const tag = (name: string): Target => ({ kind: 'tag', tag: name });
const ALL: Target = { kind: 'all' };

/** What could not be told of. */
function kept(journal: Journal, target: Target): Owed {
  const owed = journal.owe(target);
  journal.keep([owed]);
  return owed;
}

const namesOf = (journal: Journal): readonly string[] =>
  journal.each().map(([owed]) => JSON.stringify(owed?.target ?? 'nothing'));
const settleAll = (journal: Journal): void => {
  for (const owed of journal.each()) journal.settle(owed);
};

function megabytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

describe('A journal', () => {
  it('that owes nothing blocks nothing', () => {
    const journal = new Journal();
    expect([journal.size, journal.blocks('k', ['t']), journal.each()]).toEqual([0, false, []]);
  });

  it.each<[string, Target, boolean]>([
    ['its key', key('k'), true],
    ['another key', key('other'), false],
    ['a tag of it', tag('t2'), true],
    ['another tag', tag('k'), false],
    ['a key that is called as a tag of it', key('t2'), false],
    ['everything', ALL, true],
  ])('blocks what is covered by %s, and nothing else', (_words, target, isBlocked) => {
    const journal = new Journal();
    const owed = journal.owe(target);
    expect(journal.blocks('k', ['t1', 't2'])).toBe(isBlocked);
    journal.settle([owed]);
    expect([journal.blocks('k', ['t1', 't2']), journal.size]).toEqual([false, 0]);
  });

  it('counts for its bound neither what was told of at once nor what was told of before it was to be kept', () => {
    const journal = new Journal({ capacity: 2 });
    const early = [key('a'), key('b'), key('c'), key('d')].map((target) => journal.owe(target));
    journal.settle(early);
    journal.keep(early);
    kept(journal, key('e'));
    kept(journal, key('f'));
    expect(namesOf(journal)).toEqual([key('e'), key('f')].map((target) => JSON.stringify(target)));
    kept(journal, key('g'));
    expect(namesOf(journal)).toEqual([JSON.stringify(ALL)]);
  });

  it('settles what it owed when it was told of, and not what it owes since', async () => {
    const journal = new Journal();
    const first = kept(journal, key('k'));
    const told = journal.each();
    const second = kept(journal, key('k'));
    expect(journal.size).toBe(2);
    journal.settle(told[0] as readonly Owed[]);
    expect([await stateOf(first.told), await stateOf(second.told)]).toEqual(['fulfilled', 'pending']);
    expect([journal.size, journal.blocks('k', [])]).toEqual([1, true]);
    settleAll(journal);
    expect([await stateOf(second.told), journal.size]).toEqual(['fulfilled', 0]);
  });

  it('settles nothing twice', () => {
    const journal = new Journal();
    const owed = kept(journal, key('k'));
    kept(journal, tag('t'));
    for (let time = 0; time < 3; time++) journal.settle([owed]);
    expect([journal.size, namesOf(journal)]).toEqual([1, ['{"kind":"tag","tag":"t"}']]);
  });
});

describe('A journal of what lies in parts', () => {
  const parts = { count: 3, of: (name: string): number => Number(name.slice(-1)) };
  const blocked = (journal: Journal): readonly boolean[] =>
    ['k0', 'k1', 'k2'].map((name) => journal.blocks(name, ['t']));

  it.each([
    ['a key', key('k1'), [false, true, false]],
    ['a tag', tag('t'), [true, true, true]],
    ['everything', ALL, [true, true, true]],
  ])('blocks %s in the parts that it is in', (_words, target, expected) => {
    const journal = new Journal({ parts });
    journal.owe(target);
    expect(blocked(journal)).toEqual(expected);
  });

  it.each([tag('t'), ALL])('goes on blocking in those that were not told: %j', async (target) => {
    const journal = new Journal({ parts });
    const owed = kept(journal, target);
    journal.settle([owed], new Set([0, 2]));
    expect([blocked(journal), [...owed.untold], await stateOf(owed.told)]).toEqual([
      [false, true, false],
      [1],
      'pending',
    ]);
    journal.settle([owed], new Set([0]));
    expect(blocked(journal)).toEqual([false, true, false]);
    journal.settle([owed], new Set([1]));
    expect([blocked(journal), journal.size, await stateOf(owed.told)]).toEqual([[false, false, false], 0, 'fulfilled']);
  });

  it('that is full keeps everything of the parts that it was kept for', async () => {
    const journal = new Journal({ parts, capacity: 2 });
    const each = [kept(journal, tag('a')), kept(journal, tag('b'))];
    for (const owed of each) journal.settle([owed], new Set([0, 1]));
    kept(journal, key('k0'));
    expect([namesOf(journal), blocked(journal)]).toEqual([[JSON.stringify(ALL)], [true, false, true]]);
    settleAll(journal);
    expect([await Promise.all(each.map(({ told }) => stateOf(told))), journal.size]).toEqual([
      ['fulfilled', 'fulfilled'],
      0,
    ]);
  });
});

describe('A journal that is full', () => {
  it('keeps everything in place of all that it kept', async () => {
    const journal = new Journal({ capacity: 2 });
    const each = [kept(journal, key('a')), kept(journal, tag('b')), kept(journal, key('c'))];
    expect([journal.size, namesOf(journal), journal.blocks('z', [])]).toEqual([1, ['{"kind":"all"}'], true]);
    expect(await Promise.all(each.map(({ told }) => stateOf(told)))).toEqual(['pending', 'pending', 'pending']);
    settleAll(journal);
    expect(await Promise.all(each.map(({ told }) => stateOf(told)))).toEqual(['fulfilled', 'fulfilled', 'fulfilled']);
    expect([journal.size, journal.blocks('z', [])]).toEqual([0, false]);
  });

  it('is not full of what is being told', () => {
    const journal = new Journal({ capacity: 2 });
    const each = ['a', 'b', 'c', 'd'].map((name) => journal.owe(key(name)));
    journal.keep(each.slice(0, 2));
    expect([journal.size, namesOf(journal), journal.blocks('z', [])]).toEqual([
      4,
      ['{"kind":"key","key":"a"}', '{"kind":"key","key":"b"}'],
      false,
    ]);
    journal.settle(each);
    expect([journal.size, journal.blocks('a', [])]).toEqual([0, false]);
  });

  it('goes on owing what is being told', async () => {
    const journal = new Journal({ capacity: 1 });
    const under = journal.owe(key('under way'));
    kept(journal, key('a'));
    kept(journal, key('b'));
    settleAll(journal);
    expect([journal.blocks('under way', []), journal.blocks('a', []), await stateOf(under.told)]).toEqual([
      true,
      false,
      'pending',
    ]);
    journal.settle([under]);
    expect([journal.size, await stateOf(under.told)]).toEqual([0, 'fulfilled']);
  });

  it('keeps nothing that was settled, and nothing twice', () => {
    const journal = new Journal({ capacity: 2 });
    const owed = journal.owe(key('a'));
    journal.settle([owed]);
    const other = journal.owe(key('b'));
    for (let time = 0; time < 5; time++) journal.keep([owed, other]);
    expect(namesOf(journal)).toEqual(['{"kind":"key","key":"b"}']);
  });

  it('takes one that was told of just before for settled no more', async () => {
    const journal = new Journal({ capacity: 2 });
    const [first] = [kept(journal, key('a')), kept(journal, key('b'))];
    const told = journal.each();
    kept(journal, key('c'));
    for (const owed of told) journal.settle(owed);
    expect([journal.size, await stateOf(first?.told as Promise<void>)]).toEqual([1, 'pending']);
  });

  it('remains so, however often everything is invalidated', () => {
    const journal = new Journal({ capacity: 100 });
    for (let number = 0; number < 1_000; number++) kept(journal, ALL);
    expect(journal.size).toBeLessThanOrEqual(100);
  });

  it('holds no memory for those who waited and are gone', () => {
    const journal = new Journal({ capacity: 100 });
    const owe = (count: number): void => {
      for (let number = 0; number < count; number++) kept(journal, key(`key number ${number}`));
    };
    owe(1_000);
    const before = megabytes();
    owe(50_000);
    expect(megabytes() - before).toBeLessThan(3);
    expect(journal.size).toBeLessThanOrEqual(100);
  });
});
