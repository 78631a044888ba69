import { describe, expect, it } from '@jest/globals';
import { Ledger } from '../../../lib/coherence/ledger.js';
import type { Entry } from '../../../lib/core/entry.js';
import { noteShortcut, type Shortcut, Shortcuts, TrackedTier } from '../../../lib/engine/shortcuts.js';
import { keyOfCall } from '../../../lib/policy/key.js';
import { nearTierCases } from '../../../lib/testing/index.js';
import { type MemoryBounds, MemoryTier } from '../../../lib/tiers/memory.tier.js';
import { makeEntry } from '../tiers/sample-entry.js';

/** A tracked memory tier, wired as a cache wires it, and what can be reached by shortcuts of `find`. */
class Tracked {
  readonly shortcuts = new Shortcuts();
  readonly shortcut: Shortcut = this.shortcuts.of('find') ?? new Map();
  readonly tier: TrackedTier;

  constructor(bounds: Partial<MemoryBounds> = { max: 100 }) {
    const memory = new MemoryTier({ max: undefined, maxBytes: undefined, ...bounds }, (entry) =>
      this.shortcuts.forget(entry.key),
    );
    this.tier = new TrackedTier(memory, this.shortcuts);
  }

  /** Stores what a call gave, and notes the way to it, as reading it does. */
  keep(argument: unknown, value: unknown = 'v', tags: readonly string[] = []): Entry {
    const entry = makeEntry(keyOfCall('find', [argument]), value, tags);
    this.tier.set(entry);
    noteShortcut(this.shortcut, [argument], entry);
    return entry;
  }

  get known(): unknown[] {
    return [...this.shortcut.keys()];
  }
}

describe('A shortcut', () => {
  it('is one for all who use a name, and apart from those of other names', () => {
    const shortcuts = new Shortcuts();
    expect(shortcuts.of('find')).toBe(shortcuts.of('find'));
    expect(shortcuts.of('find')).not.toBe(shortcuts.of('findAll'));
  });

  it('is had by 10,000 names, and by those for good', () => {
    const shortcuts = new Shortcuts();
    const first = shortcuts.of('0');
    for (let number = 1; number < 10_000; number++) shortcuts.of(String(number));
    expect([shortcuts.of('0'), shortcuts.of('9999') === undefined, shortcuts.of('10000')]).toEqual([
      first,
      false,
      undefined,
    ]);
  });

  it('leads from the lone argument to the entry', () => {
    const tracked = new Tracked();
    const [text, digit, number] = [tracked.keep('x'), tracked.keep('1'), tracked.keep(1)];
    expect(tracked.shortcut.get('x')).toBe(text);
    expect(tracked.shortcut.get('1')).toBe(digit);
    expect(tracked.shortcut.get(1)).toBe(number);
  });

  it.each<[string, unknown[]]>([
    ['no argument', []],
    ['two', ['x', 'y']],
    ['one and undefined', ['x', undefined]],
    ['an object', [{}]],
    ['-0', [-0]],
    ['NaN', [Number.NaN]],
    ['a text of 200 characters', ['a'.repeat(200)]],
    ['undefined', [undefined]],
  ])('is not noted for %s', (_what, args) => {
    const { shortcut } = new Tracked();
    noteShortcut(shortcut, args, makeEntry('find()'));
    expect(shortcut.size).toBe(0);
  });

  it('takes the place of the one before for its argument', () => {
    const tracked = new Tracked();
    tracked.keep('x');
    const later = tracked.keep('x');
    expect(tracked.shortcut.get('x')).toBe(later);
    expect(tracked.shortcut.size).toBe(1);
  });
});

describe('What left memory is not reached by a shortcut any more, when it was', () => {
  it('replaced', () => {
    const tracked = new Tracked();
    tracked.keep('x');
    tracked.keep('y');
    tracked.tier.set(makeEntry("find('x)"));
    expect(tracked.known).toEqual(['y']);
  });

  it('deleted', () => {
    const tracked = new Tracked();
    for (const argument of ['x', '1', 1, -1, "a'(b)", 'a'.repeat(199)]) {
      tracked.keep(argument);
      tracked.keep('other');
      tracked.tier.delete(keyOfCall('find', [argument]));
      expect(tracked.known).toEqual(['other']);
    }
  });

  it('deleted under the same argument of another name, which stays', () => {
    const tracked = new Tracked();
    tracked.keep('x');
    tracked.tier.delete("findAll('x)");
    expect(tracked.known).toEqual(['x']);
  });

  it('cleared', () => {
    const tracked = new Tracked();
    const other: Shortcut = tracked.shortcuts.of('other') ?? new Map();
    noteShortcut(other, [1], makeEntry('other(1)'));
    tracked.keep('x');
    tracked.keep(1);
    tracked.tier.clear();
    expect([tracked.shortcut.size, other.size]).toEqual([0, 0]);
  });

  it('pushed out by count', () => {
    const tracked = new Tracked({ max: 2 });
    for (const argument of [1, 2, 3, 4]) tracked.keep(argument);
    expect(tracked.known).toEqual([3, 4]);
  });

  it('pushed out by bytes, several at once', () => {
    const tracked = new Tracked({ maxBytes: 6_000 });
    for (const argument of [1, 2, 3, 4]) tracked.keep(argument, 'small');
    tracked.tier.set(makeEntry('big', 'x'.repeat(4_900)));
    expect(tracked.tier.entries).toBe(1);
    expect(tracked.known).toEqual([]);
  });

  it('followed by a value too large to keep', () => {
    const tracked = new Tracked({ maxBytes: 2_000 });
    tracked.keep('x', 'small');
    tracked.tier.set(makeEntry("find('x)", 'x'.repeat(5_000)));
    expect(tracked.tier.entries).toBe(0);
    expect(tracked.known).toEqual([]);
  });

  it('refused while the ledger settled', () => {
    const tracked = new Tracked();
    const refused: string[] = [];
    const ledger = new Ledger(tracked.tier, (entry) => refused.push(entry.key), { capacity: 4 });
    for (const entry of [tracked.keep('x', 'v', ['t']), tracked.keep('y', 'v', ['u'])]) {
      ledger.admitNew(entry);
      noteShortcut(tracked.shortcut, [entry.key.slice(6, -1)], entry);
    }
    for (const tag of ['t', 'a', 'b', 'c', 'd', 'e', 'f']) ledger.recordTag(tag);
    expect(refused).toEqual(["find('x)"]);
    expect(tracked.known).toEqual(['y']);
  });

  it('ended with everything else by the ledger', () => {
    const tracked = new Tracked();
    const ledger = new Ledger(tracked.tier, () => undefined);
    tracked.keep('x');
    ledger.recordAll();
    expect(tracked.known).toEqual([]);
  });
});

describe('A tracked tier', () => {
  const make = (): TrackedTier => new TrackedTier(new MemoryTier({ max: 1_000, maxBytes: undefined }), new Shortcuts());

  it.each(nearTierCases(make).map(({ name, run }) => [name, run] as const))('%s', async (_name, run) => {
    await expect(run()).resolves.toBeUndefined();
  });

  it('has the name, the size and the order of use of the tier it tracks', () => {
    const tracked = new Tracked({ max: 2, maxBytes: 100_000 });
    const first = tracked.keep(1);
    tracked.keep(2);
    tracked.tier.use(first);
    tracked.keep(3);
    expect([tracked.tier.name, tracked.tier.entries]).toEqual(['memory', 2]);
    expect(tracked.tier.bytes).toBeGreaterThan(0);
    expect(tracked.known).toEqual([1, 3]);
  });
});

describe('Whoever wants to know which entries there are', () => {
  function watched(max = 10) {
    const told: string[] = [];
    const tier = new TrackedTier(new MemoryTier({ max, maxBytes: undefined }), new Shortcuts(), {
      learn: ({ key, value }) => told.push(`there is ${key} ${String(value)}`),
      forget: ({ key, value }) => told.push(`there was ${key} ${String(value)}`),
      clear: () => told.push('there is nothing'),
    });
    return { told, tier };
  }

  it('is told of each that comes, and of each that is replaced or deleted', () => {
    const { told, tier } = watched();
    for (const value of ['one', 'two']) tier.set(makeEntry('k', value));
    for (const key of ['k', 'never there', 'k']) tier.delete(key);
    tier.clear();
    expect(told).toEqual([
      'there is k one',
      'there was k one',
      'there is k two',
      'there was k two',
      'there is nothing',
    ]);
  });

  it('is not told again of one that was there', () => {
    const { told, tier } = watched();
    const entry = makeEntry('k', 'one');
    for (let time = 0; time < 2; time++) tier.set(entry);
    expect(told).toEqual(['there is k one']);
  });

  it('is not told of one that the tier did not take, but of the one it has ended', () => {
    const told: string[] = [];
    const tier = new TrackedTier(new MemoryTier({ max: undefined, maxBytes: 2_000 }), new Shortcuts(), {
      learn: ({ key }) => told.push(`there is ${key}`),
      forget: ({ key }) => told.push(`there was ${key}`),
      clear: () => undefined,
    });
    tier.set(makeEntry('k', 'small'));
    tier.set(makeEntry('k', 'x'.repeat(5_000)));
    expect(told).toEqual(['there is k', 'there was k']);
  });
});
