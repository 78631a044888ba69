import { describe, expect, it } from '@jest/globals';
import fc from '../../support/properties.js';
import { BUCKETS, keyOf, type Knowledge, tagOf, type Target, World } from './ledger-world.js';

type Op = (world: World) => void;

/** Everything that can happen to a ledger, over so many keys and tags; the weights of its parts can be told. */
function anyOp(keys: number, tags: number, weights: { all: number; load: number }): fc.Arbitrary<Op> {
  const key = fc.nat(keys - 1).map(keyOf);
  const tag = fc.nat(tags - 1).map(tagOf);
  const bucket = fc.nat(BUCKETS - 1);
  const subject = fc.tuple(key, fc.uniqueArray(tag, { maxLength: 3 }));
  return fc.oneof(
    {
      weight: 8,
      arbitrary: tag.map(
        (name): Op =>
          (world) =>
            world.record({ tag: name }),
      ),
    },
    {
      weight: 8,
      arbitrary: fc.tuple(tag, bucket).map(
        ([name, its]): Op =>
          (world) =>
            world.record({ tag: name, bucket: its }),
      ),
    },
    { weight: weights.all, arbitrary: fc.constant<Op>((world) => world.record('all')) },
    {
      weight: weights.all,
      arbitrary: bucket.map(
        (its): Op =>
          (world) =>
            world.record({ bucket: its }),
      ),
    },
    {
      weight: weights.load,
      arbitrary: subject.map(
        ([name, its]): Op =>
          (world) =>
            world.begin(name, its),
      ),
    },
    {
      weight: weights.load,
      arbitrary: fc.nat(100).map(
        (number): Op =>
          (world) =>
            world.land(number),
      ),
    },
    {
      weight: 4,
      arbitrary: subject.map(
        ([name, its]): Op =>
          (world) => {
            world.admitNew({ key: name, tags: its, position: world.ledger.position });
          },
      ),
    },
    {
      weight: 2,
      arbitrary: key.map(
        (name): Op =>
          (world) =>
            world.drop(name),
      ),
    },
    {
      weight: 5,
      arbitrary: fc.tuple(key, fc.boolean()).map(
        ([name, drop]): Op =>
          (world) =>
            world.look(name, drop),
      ),
    },
  );
}

const anyCapacity = fc.constantFrom(1, 2, 3, 7, 20);
const anyKnowledge = fc.constantFrom<Knowledge>('all there is', 'what it hears');
const narrowOps = (maxLength: number): fc.Arbitrary<Op[]> =>
  fc.array(anyOp(10, 10, { all: 1, load: 6 }), { maxLength, size: 'max' });

describe('A ledger beside a record of all that happened', () => {
  it('admits exactly what no later invalidation covers, and loses nothing to its bound', () => {
    expect(() =>
      fc.assert(
        fc.property(anyCapacity, anyKnowledge, narrowOps(80), (capacity, knows, ops) => {
          const world = new World(capacity, knows);
          for (const op of ops) {
            op(world);
            world.checkKept();
          }
          for (let number = 0; number < 10; number++) world.look(keyOf(number), true);
          world.checkKept();
        }),
        { numRuns: 800 },
      ),
    ).not.toThrow();
  });

  it('says of a load from any time whether it is covered, and is wrong only, on the safe side, of what it forgot', () => {
    const someTags = fc.uniqueArray(fc.nat(9).map(tagOf), { maxLength: 3 });
    expect(() =>
      fc.assert(
        fc.property(anyCapacity, anyKnowledge, narrowOps(60), someTags, (capacity, knows, ops, tags) => {
          const world = new World(capacity, knows);
          for (const op of ops) op(world);
          world.checkCovers(tags);
        }),
        { numRuns: 600 },
      ),
    ).not.toThrow();
  });

  it('remembers at least as many tags as its capacity and at most about twice as many', () => {
    const target = fc.oneof(
      { weight: 40, arbitrary: fc.nat(120).map((number): Target => ({ tag: tagOf(number) })) },
      {
        weight: 40,
        arbitrary: fc
          .tuple(fc.nat(120), fc.nat(BUCKETS - 1))
          .map(([number, bucket]): Target => ({ tag: tagOf(number), bucket })),
      },
      { weight: 5, arbitrary: fc.nat(BUCKETS - 1).map((bucket): Target => ({ bucket })) },
      { weight: 1, arbitrary: fc.constant<Target>('all') },
    );
    expect(() =>
      fc.assert(
        fc.property(
          anyCapacity,
          anyKnowledge,
          fc.array(target, { maxLength: 120, size: 'max' }),
          (capacity, knows, targets) => {
            const world = new World(capacity, knows);
            for (const one of targets) {
              world.record(one);
              world.checkMemory();
            }
          },
        ),
        { numRuns: 200 },
      ),
    ).not.toThrow();
  });
});

describe('A ledger beside many entries', () => {
  const wideOps = fc.array(anyOp(1_200, 41, { all: 0, load: 2 }), { minLength: 30, maxLength: 90, size: 'max' });

  it('is right while entries come, go and are read between the slices of a pass', () => {
    expect(() =>
      fc.assert(
        fc.property(
          fc.constantFrom(7, 11),
          anyKnowledge,
          fc.integer({ min: 300, max: 1_200 }),
          wideOps,
          (capacity, knows, entries, ops) => {
            const world = new World(capacity, knows);
            for (let number = 0; number < entries; number++) {
              world.admitNew({ key: keyOf(number), tags: [tagOf(number % 41), tagOf((number * 7) % 41)], position: 0 });
            }
            for (const op of ops) op(world);
            world.checkKept();
            for (let number = 0; number < 1_200; number++) world.look(keyOf(number), true);
          },
        ),
        { numRuns: 25 },
      ),
    ).not.toThrow();
  });

  it('gives refused entries back to the near tier by itself, and tells of each once', () => {
    const world = new World(10);
    for (let number = 0; number < 1_000; number++) {
      world.admitNew({ key: keyOf(number), tags: [number % 2 === 0 ? 'even' : 'odd'], position: 0 });
    }
    world.record({ tag: 'even' });
    expect(world.near.entries).toBe(1_000);
    for (let number = 0; number < 40; number++) world.record({ tag: `other${number}` });
    expect(world.near.entries).toBe(500);
    expect(world.refused).toHaveLength(500);
    expect(new Set(world.refused).size).toBe(500);
    for (const entry of world.refused) expect(entry.tags).toEqual(['even']);
  });
});
