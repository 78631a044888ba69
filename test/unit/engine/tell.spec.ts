import type { Target } from '../../../lib/coherence/journal.js';
import { describe, expect, it } from '@jest/globals';
import { InvalidationPendingError } from '../../../lib/core/errors.js';
import { PartlyToldError } from '../../../lib/tiers/shared-tier.js';
import { settle, stateOf } from '../../support/source.js';
import { entryOf, SharingWorld } from './sharing-world.js';

type Way = readonly [words: string, tell: (world: SharingWorld) => Promise<void>, asked: string];

const WAYS: readonly Way[] = [
  ['a key', ({ tell }) => tell.keys(['k']), 'key k'],
  ['tags', ({ tell }) => tell.tags(['t', 'u']), 'tags t u'],
  ['everything', ({ tell }) => tell.all(), 'clear'],
  ['what was set', ({ tell }) => tell.set(entryOf({ tags: ['t', 'u'] })), 'set k'],
];

/** The error that a caller is given. */
const failureOf = (told: Promise<void>): Promise<unknown> =>
  told.then(
    () => 'told',
    (error: unknown) => error,
  );

const isBlocked = ({ journal }: SharingWorld): boolean => journal.blocks('k', ['t', 'u']);

describe('Of an invalidation', () => {
  it.each(WAYS)('the others are told, who then may be asked for it again: %s', async (_words, tell, asked) => {
    const world = new SharingWorld();
    const told = tell(world);
    expect([world.tier.said, isBlocked(world)]).toEqual([[asked], true]);
    expect(await stateOf(told)).toBe('pending');
    world.tier.answer();
    await told;
    expect([isBlocked(world), world.journal.size, world.clock.pending]).toEqual([false, 0, 0]);
  });

  it.each(WAYS)('a caller hears that the others were not told, and it stays owed: %s', async (_words, tell) => {
    const world = new SharingWorld();
    const failure = failureOf(tell(world));
    const cause = new Error('no answer');
    world.tier.fail(cause);
    expect(await failure).toBeInstanceOf(InvalidationPendingError);
    expect(await failure).toMatchObject({ cause });
    expect(isBlocked(world)).toBe(true);
  });

  it.each(WAYS)('the telling is owed: a shutdown waits for it: %s', async (_words, tell) => {
    const world = new SharingWorld();
    const told = tell(world);
    const closed = world.drain.close();
    expect(await stateOf(closed)).toBe('pending');
    world.tier.answer();
    await Promise.all([told, closed]);
  });

  it('each key is told of by itself, and only those are owed that nobody could be told of', async () => {
    const world = new SharingWorld();
    const failure = failureOf(world.tell.keys(['a', 'b', 'c']));
    expect(world.tier.said).toEqual(['key a', 'key b', 'key c']);
    world.tier.answer(undefined, 'key c');
    world.tier.fail(new Error('no answer'), 'key b');
    world.tier.answer(undefined, 'key a');
    expect(await failure).toBeInstanceOf(InvalidationPendingError);
    await settle();
    expect(['a', 'b', 'c'].map((key) => world.journal.blocks(key, []))).toEqual([false, true, false]);
  });

  it('nobody is told where there is nothing', async () => {
    const world = new SharingWorld();
    await world.tell.keys([]);
    expect([world.tier.said, world.journal.size]).toEqual([[], 0]);
  });
});

describe('While nobody can be told,', () => {
  it.each(WAYS)('a caller waits a while, and it stays owed: %s', async (_words, tell) => {
    const world = new SharingWorld();
    world.tier.isReachable = false;
    const failure = failureOf(tell(world));
    await world.clock.advance(249);
    expect([await stateOf(failure), world.tier.said]).toEqual(['pending', []]);
    await world.clock.advance(1);
    expect(await failure).toBeInstanceOf(InvalidationPendingError);
    expect(isBlocked(world)).toBe(true);
  });

  it('a caller is told so in the end', async () => {
    const { tell, tier, clock } = new SharingWorld();
    tier.isReachable = false;
    const failure = failureOf(tell.keys(['k']));
    await clock.advance(250);
    expect(await failure).toMatchObject({ cause: 'it cannot be reached' });
  });

  it('a caller waits until all is told of, and not a part of it', async () => {
    const { tell, tier, journal } = new SharingWorld();
    tier.isReachable = false;
    const told = tell.tags(['t', 'u']);
    const [first = [], second = []] = journal.each();
    journal.settle(first);
    expect(await stateOf(told)).toBe('pending');
    journal.settle(second);
    expect(await failureOf(told)).toBe('told');
  });

  it.each(WAYS)('a caller is content if it is told of meanwhile: %s', async (_words, tell) => {
    const world = new SharingWorld();
    world.tier.isReachable = false;
    const told = tell(world);
    await world.clock.advance(249);
    for (const owed of world.journal.each()) world.journal.settle(owed);
    expect(await failureOf(told)).toBe('told');
    expect(world.clock.pending).toBe(0);
  });
});

describe('While a part cannot be asked,', () => {
  const lost = new Error('one part is away');

  it('its keys wait, and others are told at once', async () => {
    const world = new SharingWorld();
    world.tier.unreached.add(1);
    const failure = failureOf(world.tell.keys(['here', 'away']));
    expect(world.tier.open).toEqual(['key here']);
    world.tier.answer();
    await world.clock.advance(250);
    expect(await failure).toBeInstanceOf(InvalidationPendingError);
    expect(['here', 'away'].map((key) => world.journal.blocks(key, []))).toEqual([false, true]);
  });

  const OF_ALL: readonly Way[] = [
    ['tags', ({ tell }) => tell.tags(['t', 'u']), 'tags t u'],
    ['everything', ({ tell }) => tell.all(), 'clear'],
  ];
  const blocked = ({ journal }: SharingWorld): readonly boolean[] =>
    ['here', 'away'].map((key) => journal.blocks(key, ['t']));

  it.each(OF_ALL)('the others are told at once, and it stays owed to it alone: %s', async (_words, tell, asked) => {
    const world = new SharingWorld();
    world.tier.unreached.add(1);
    const failure = failureOf(tell(world));
    expect([world.tier.open, blocked(world)]).toEqual([[asked], [true, true]]);
    world.tier.fail(new PartlyToldError(new Set([0]), lost));
    await world.clock.advance(249);
    expect([await stateOf(failure), blocked(world)]).toEqual(['pending', [false, true]]);
    await world.clock.advance(1);
    expect(await failure).toMatchObject({ name: 'InvalidationPendingError', cause: lost });
    expect([blocked(world), world.clock.pending]).toEqual([[false, true], 0]);
  });

  it.each(OF_ALL)('and be it the first, the others are told at once: %s', (_words, tell, asked) => {
    const world = new SharingWorld();
    world.tier.unreached.add(0);
    void tell(world);
    expect(world.tier.open).toEqual([asked]);
  });

  it.each(OF_ALL)('and nobody was told, it stays owed to all: %s', async (_words, tell) => {
    const world = new SharingWorld();
    world.tier.unreached.add(1);
    const failure = failureOf(tell(world));
    world.tier.fail(lost);
    await world.clock.advance(250);
    expect(await failure).toMatchObject({ name: 'InvalidationPendingError', cause: lost });
    expect([blocked(world), world.clock.pending]).toEqual([[true, true], 0]);
  });

  it('what is owed to it is told when it is back, to it alone', async () => {
    const world = new SharingWorld();
    world.tier.unreached.add(1);
    for (const told of [world.tell.tags(['t']), world.tell.all()]) told.catch(() => undefined);
    for (const asked of ['tags t', 'clear']) world.tier.fail(new PartlyToldError(new Set([0]), lost), asked);
    await world.clock.advance(250);
    world.tell.repeat();
    expect(world.tier.open).toEqual([]);
    await settle();
    world.tier.unreached.clear();
    world.tell.repeat();
    expect(world.tier.open).toEqual(['tags t in 1', 'clear in 1']);
    for (const asked of ['tags t in 1', 'clear in 1']) world.tier.answer(undefined, asked);
    await settle();
    expect([blocked(world), world.journal.size]).toEqual([[false, false], 0]);
  });

  it('who waits is content if the part comes back in time', async () => {
    const world = new SharingWorld();
    world.tier.unreached.add(1);
    const told = world.tell.tags(['t']);
    world.tier.fail(lost);
    await settle();
    world.tier.unreached.clear();
    world.tell.repeat();
    world.tier.answer(undefined, 'tags t');
    await told;
    expect([world.journal.size, world.clock.pending]).toEqual([0, 0]);
  });

  it('who is refused late waits no longer', async () => {
    const world = new SharingWorld();
    world.tier.unreached.add(1);
    const failure = failureOf(world.tell.tags(['t']));
    await world.clock.advance(250);
    world.tier.fail(lost);
    expect(await failure).toMatchObject({ cause: lost });
    expect(world.clock.pending).toBe(0);
  });

  it('what is owed is told as far as it can be', async () => {
    const world = new SharingWorld();
    for (const target of [
      { kind: 'key', key: 'here' },
      { kind: 'key', key: 'away' },
      { kind: 'tag', tag: 't' },
      { kind: 'all' },
    ] as const) {
      world.journal.keep([world.journal.owe(target)]);
    }
    world.tier.unreached.add(1);
    world.tell.repeat();
    expect(world.tier.open).toEqual(['key here', 'tags t in 0', 'clear in 0']);
    for (const asked of [...world.tier.open]) world.tier.answer(undefined, asked);
    await settle();
    world.tier.unreached.clear();
    world.tell.repeat();
    expect(world.tier.open).toEqual(['key away', 'tags t in 1', 'clear in 1']);
  });
});

describe('What was set', () => {
  const entry = entryOf({ value: 'new' });

  it('is stored with all that others may know of it', () => {
    const { tell, tier } = new SharingWorld();
    void tell.set(entry);
    expect(tier.sets.map(({ value }) => value)).toEqual([
      {
        ...{ value: 'new', tags: ['t'], born: 0, freshUntil: 1_000, loadMs: 0 },
        ...{ staleWhileRevalidate: 0, staleIfError: 0 },
      },
    ]);
  });

  it.each<[string, (world: SharingWorld) => Promise<void>, boolean]>([
    ['its key is deleted', ({ tell }) => tell.keys(['other', 'k']), false],
    ['its tag is invalidated', ({ tell }) => tell.tags(['other', 't']), false],
    ['everything is', ({ tell }) => tell.all(), false],
    ['its key is set', ({ tell }) => tell.set(entryOf({ tags: [] })), false],
    ['another key is deleted', ({ tell }) => tell.keys(['other', 't']), true],
    ['another tag is invalidated', ({ tell }) => tell.tags(['other', 'k']), true],
    ['another key is set', ({ tell }) => tell.set(entryOf({ key: 'other' })), true],
  ])('is stored unless it was overtaken: %s', (_words, overtake, isStored) => {
    const world = new SharingWorld();
    void world.tell.set(entry);
    void overtake(world);
    expect(world.tier.sets[0]?.mayStore()).toBe(isStored);
  });

  it.each(['t', 'u'])('is not stored after one of its tags was invalidated: %s', (tag) => {
    const { tell, tier } = new SharingWorld();
    void tell.set(entryOf({ tags: ['t', 'u'] }));
    void tell.tags([tag]);
    expect(tier.sets[0]?.mayStore()).toBe(false);
  });

  it('is owed by its key, and nothing else is', () => {
    const { tell, journal } = new SharingWorld();
    void tell.set(entry);
    expect(['k', 'other'].map((key) => journal.blocks(key, ['t']))).toEqual([true, false]);
  });

  it('is told of while a part is away that does not hold it', () => {
    const { tell, tier } = new SharingWorld();
    tier.unreached.add(1);
    void tell.set(entry);
    expect(tier.open).toEqual(['set k']);
  });

  it('and was stored is nothing to warn of', async () => {
    const { tell, tier, warnings } = new SharingWorld();
    const told = tell.set(entry);
    tier.answer({ copy: { bytes: new Uint8Array(), freshUntil: 20_000 } });
    await told;
    expect(warnings).toEqual([]);
  });

  it('is stored once', () => {
    const { tell, tier } = new SharingWorld();
    void tell.set(entry);
    expect([1, 2].map(() => tier.sets[0]?.mayStore())).toEqual([true, false]);
  });

  it.each(['told', 'not told'])('is stored though one set before it comes to its end first: %s', async (how) => {
    const { tell, tier } = new SharingWorld();
    const before = failureOf(tell.set(entryOf({})));
    void tell.set(entry);
    if (how === 'told') tier.answer('refused');
    else tier.fail(new Error('no answer'));
    await before;
    expect(tier.sets.map(({ mayStore }) => mayStore())).toEqual([false, true]);
  });

  it.each(['told', 'not told'])('is not stored late, when the caller knows already how it ended: %s', async (how) => {
    const { tell, tier } = new SharingWorld();
    const failure = failureOf(tell.set(entry));
    if (how === 'told') tier.answer('refused');
    else tier.fail(new Error('no answer'));
    await failure;
    expect(tier.sets[0]?.mayStore()).toBe(false);
  });

  it('has ended what was there before, though it cannot be written itself, which is told', async () => {
    const world = new SharingWorld();
    const told = world.tell.set(entry);
    world.tier.answer({ unwritable: 'it is a socket' });
    await told;
    expect(world.warnings).toEqual(['set() cannot be written: it is a socket']);
    expect(isBlocked(world)).toBe(false);
  });

  it.each([
    ['told', 'told', 10_000_000],
    ['not told', 'fails', 70_000],
    ['out of reach', 'waits', 70_250],
  ])('is what memory answers with, and for long only if the others know: %s', async (_words, how, until) => {
    const world = new SharingWorld();
    world.tier.isReachable = how !== 'waits';
    const kept = entryOf({ askAt: 10_000_000 });
    const failure = failureOf(world.tell.set(kept));
    if (how === 'told') world.tier.answer('stored');
    if (how === 'fails') world.tier.fail(new Error('no answer'));
    await world.clock.advance(250);
    await failure;
    expect(kept.askAt).toBe(until);
  });
});

describe('What is owed', () => {
  /** Owes what a process owes after an outage. */
  function indebted(...owed: readonly string[]): SharingWorld {
    const world = new SharingWorld();
    for (const name of owed) {
      const [kind, of = ''] = name.split(' ');
      const target: Target = kind === 'key' ? { kind, key: of } : kind === 'tag' ? { kind, tag: of } : { kind: 'all' };
      world.journal.keep([world.journal.owe(target)]);
    }
    return world;
  }

  it('is told again, of each in its own way, and once however often it is owed', async () => {
    const { tell, tier, journal } = indebted('key k', 'tag t', 'key k', 'all');
    tell.repeat();
    expect(tier.said).toEqual(['key k', 'tags t', 'clear']);
    for (const asked of ['clear', 'key k', 'tags t']) tier.answer(undefined, asked);
    await settle();
    expect(journal.size).toBe(0);
  });

  it('stays owed where it fails again, which is told, until it is told another time', async () => {
    const world = indebted('key k', 'key m');
    world.tell.repeat();
    world.tier.fail(new Error('no answer'), 'key k');
    world.tier.answer(undefined, 'key m');
    await settle();
    expect([world.faults, world.journal.size]).toEqual([['invalidation owed: no answer'], 1]);
    world.tell.repeat();
    world.tier.answer(undefined, 'key k');
    await settle();
    expect(world.journal.size).toBe(0);
  });

  it('is told as failing once, however often it fails, until something could be told', async () => {
    const world = indebted('key k', 'key m');
    const fails = async (...keys: readonly string[]): Promise<void> => {
      world.tell.repeat();
      for (const key of keys) world.tier.fail(new Error('forbidden'), `key ${key}`);
      await settle();
    };
    await fails('k', 'm');
    await fails('k', 'm');
    expect(world.faults).toEqual(['invalidation owed: forbidden']);
    world.tell.repeat();
    world.tier.answer(undefined, 'key k');
    world.tier.fail(new Error('forbidden'), 'key m');
    await settle();
    await fails('m');
    expect(world.faults).toHaveLength(2);
  });

  it('to a part that is away is asked of nobody, and that is no failure', async () => {
    const world = indebted('key away');
    world.tier.unreached.add(1);
    world.tell.repeat();
    await settle();
    expect([world.tier.said, world.faults, world.journal.size]).toEqual([[], [], 1]);
  });

  it('is not told of by two at once', () => {
    const { tell, tier } = indebted('key k');
    tell.repeat();
    tell.repeat();
    expect(tier.open).toEqual(['key k']);
  });

  it('is not told of while its caller does', async () => {
    const world = indebted('key m');
    const failure = failureOf(world.tell.keys(['k']));
    world.tell.repeat();
    expect(world.tier.said).toEqual(['key k', 'key m']);
    world.tier.fail(new Error('no answer'), 'key k');
    world.tier.answer(undefined, 'key m');
    await failure;
    await settle();
    world.tell.repeat();
    expect(world.tier.open).toEqual(['key k']);
  });

  it('covers what came since it was sent, which is told of by itself', async () => {
    const world = indebted('key k');
    world.tell.repeat();
    world.journal.keep([world.journal.owe({ kind: 'key', key: 'k' })]);
    world.tier.answer();
    await settle();
    expect(isBlocked(world)).toBe(true);
  });

  it('is told of 200 at a time, and no further when nobody listens', async () => {
    const names = Array.from({ length: 450 }, (_, number) => `key ${number}`);
    const { tell, tier } = indebted(...names);
    tell.repeat();
    expect(tier.open).toEqual(names.slice(0, 200));
    for (const name of names.slice(1, 200)) tier.fail(new Error('no answer'), name);
    tier.answer();
    await settle();
    expect(tier.open).toEqual(names.slice(200, 400));
    for (const name of names.slice(200, 400)) tier.fail(new Error('no answer'), name);
    await settle();
    expect(tier.open).toEqual([]);
  });

  it('becomes everything when it is too much, with which all who wait are content', async () => {
    const world = new SharingWorld({ capacity: 2 });
    world.tier.isReachable = false;
    const told = [world.tell.keys(['k', 'm']), world.tell.tags(['t'])];
    world.tier.isReachable = true;
    world.tell.repeat();
    expect(world.tier.said).toEqual(['clear']);
    world.tier.answer();
    await Promise.all(told);
    expect([world.journal.size, world.clock.pending]).toEqual([0, 0]);
  });

  it('is not too much for all that it is being told of', async () => {
    const world = new SharingWorld({ capacity: 2 });
    const keys = Array.from({ length: 10 }, (_, number) => String(number));
    const told = world.tell.keys(keys);
    world.tell.repeat();
    expect(world.tier.said).toEqual(keys.map((key) => `key ${key}`));
    for (const asked of world.tier.said) world.tier.answer(undefined, asked);
    await told;
    expect(world.journal.size).toBe(0);
  });
});
