import { describe, expect, it } from '@jest/globals';
import { tagOf, type Target, World } from './ledger-world.js';
import { taggedEntry } from './tagged-entry.js';

describe('An entry that was not looked at for long', () => {
  it.each([
    [1, 10_000],
    [255, 10_000],
    [256, 10_000],
    [257, 10_000],
    [600, 10_000],
    [600, 100],
    [2_000, 300],
  ])('is admitted after %d invalidations of other tags, with a capacity of %d', (count, capacity) => {
    const world = new World(capacity);
    world.admitNew({ key: 'k', tags: ['mine', 'too'], position: 0 });
    for (let number = 0; number < count; number++) world.record({ tag: `other${number}` });
    world.look('k', false);
    expect(world.near.get('k')).toBeDefined();
  });

  it.each([
    [0, 600],
    [1, 255],
    [1, 256],
    [300, 300],
    [600, 0],
    [600, 1],
  ])('is refused when its own tag was invalidated after %d others and before %d', (before, after) => {
    for (const capacity of [10_000, 100]) {
      const world = new World(capacity);
      world.admitNew({ key: 'k', tags: ['too', 'mine'], position: 0 });
      const isServed = (): boolean => {
        const entry = world.near.get('k');
        return entry !== undefined && world.ledger.admits(entry);
      };
      expect(isServed()).toBe(true);
      for (let number = 0; number < before; number++) world.record({ tag: `before${number}` });
      world.record({ tag: 'mine' });
      for (let number = 0; number < after; number++) world.record({ tag: `after${number}` });
      expect([isServed(), isServed()]).toEqual([false, false]);
    }
  });

  it('is out of reach of every tag when it has none', () => {
    const world = new World(3);
    world.admitNew({ key: 'k', tags: [], position: 0 });
    for (let number = 0; number < 600; number++) world.record({ tag: tagOf(number) });
    world.look('k', false);
    expect(world.near.get('k')).toBeDefined();
    world.record('all');
    expect(world.near.get('k')).toBeUndefined();
  });
});

describe('The position of a ledger', () => {
  it('is the number of invalidations, whatever they were aimed at', () => {
    const { ledger } = new World(2);
    const seen = [ledger.position];
    for (const tag of ['a', 'a', 'b', 'c', '']) {
      ledger.recordTag(tag);
      seen.push(ledger.position);
    }
    ledger.recordAll();
    expect([...seen, ledger.position]).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it('is where an entry stands that was admitted, so that its next look costs nothing', () => {
    const { ledger } = new World(100);
    const entry = taggedEntry({ tags: ['t'], position: 0 });
    ledger.recordTag('other');
    ledger.admitNew(entry);
    expect(entry.position).toBe(1);
    ledger.recordTag('another');
    expect(ledger.admits(entry)).toBe(true);
    expect(entry.position).toBe(2);
  });
});

describe('A load', () => {
  it('that was refused once is refused again, and one from after the invalidation is admitted', () => {
    const { ledger } = new World(100);
    const old = taggedEntry({ tags: ['t'], position: 0 });
    ledger.recordTag('t');
    expect(ledger.admitNew(old)).toBe(false);
    expect(ledger.admitNew(old)).toBe(false);
    expect(ledger.admitNew(taggedEntry({ tags: ['t'], position: 1 }))).toBe(true);
  });

  it('that is refused leaves what lies under its key', () => {
    const { ledger, near } = new World(100);
    ledger.recordTag('t');
    const newer = taggedEntry({ tags: ['t'], position: 1 });
    ledger.admitNew(newer);
    ledger.admitNew(taggedEntry({ tags: ['t'], position: 0 }));
    expect(near.get('k')).toBe(newer);
  });

  it.each<[string, Target]>([
    ['one of its tags', { tag: 'b' }],
    ['everything', 'all'],
  ])('is covered by a later invalidation of %s, and by none of another tag', (_words, target) => {
    const { ledger } = new World(100);
    const tags = ['a', 'b'];
    ledger.recordTag('c');
    ledger.recordTag('k');
    expect(ledger.covers({ key: 'k', tags }, 0)).toBe(false);
    if (target === 'all') ledger.recordAll();
    else if ('tag' in target) ledger.recordTag(target.tag);
    expect(ledger.covers({ key: 'k', tags }, 0)).toBe(true);
    expect(ledger.covers({ key: 'k', tags }, ledger.position - 1)).toBe(true);
    expect(ledger.covers({ key: 'k', tags }, ledger.position)).toBe(false);
  });

  it.each(['__proto__', 'constructor', 'all', '', '\ud800'])('is told apart by the tag %p', (name) => {
    const { ledger } = new World(100);
    expect(ledger.covers({ key: 'k', tags: [name] }, 0)).toBe(false);
    ledger.recordTag('other');
    expect(ledger.covers({ key: 'k', tags: [name] }, 0)).toBe(false);
    ledger.recordTag(name);
    expect(ledger.covers({ key: 'k', tags: [name] }, 0)).toBe(true);
    expect(ledger.covers({ key: 'k', tags: ['another', '\ud801'] }, 0)).toBe(false);
    expect(ledger.covers({ key: 'k', tags: [] }, 0)).toBe(false);
  });

  it('is right also of thousands of tags', () => {
    const world = new World(100);
    const tags = Array.from({ length: 10_000 }, (_, index) => tagOf(index));
    world.admitNew({ key: 'k', tags, position: 0 });
    world.look('k', false);
    world.record({ tag: tagOf(9_999) });
    expect(world.ledger.covers({ key: 'k', tags }, 0)).toBe(true);
    expect(() => world.look('k', false)).not.toThrow();
  });

  it('is admitted with any number of tags', () => {
    const { ledger, near } = new World(100);
    const tags = Array.from({ length: 300_000 }, (_, index) => tagOf(index));
    const entry = taggedEntry({ tags, position: 0 });
    expect(ledger.admitNew(entry)).toBe(true);
    expect(near.get('k')).toBe(entry);
    ledger.recordTag('other');
    expect(ledger.admits(entry)).toBe(true);
    ledger.recordTag(tagOf(299_999));
    expect(ledger.admits(entry)).toBe(false);
  });
});
