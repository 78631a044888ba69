import { describe, expect, it } from '@jest/globals';
import fc from '../../support/properties.js';
import { BOUND, StreamWorld } from './stream-world.js';

type Step = (world: StreamWorld) => void;

const index = fc.nat(20);
const wait = (most: number): fc.Arbitrary<Step> =>
  fc.integer({ min: 1, max: most }).map((ms) => (world: StreamWorld) => {
    world.now += ms;
  });
const just = (step: Step): fc.Arbitrary<Step> => fc.constant(step);

const REPLIES = [
  just((world) => world.ask()),
  just((world) => world.reach()),
  just((world) => world.answer()),
  just((world) => world.read()),
  just((world) => world.invalidate('other')),
  just((world) => world.invalidate('self')),
  just((world) => world.deliver()),
];

/** All that a network and a server may do, and a liar who is found out. */
const weather = fc.oneof(
  ...REPLIES,
  wait(1_500),
  index.map((at) => (world: StreamWorld) => world.deliver(at)),
  index.map((at) => (world: StreamWorld) => world.lose(at)),
  index.map((at) => (world: StreamWorld) => world.double(at)),
  just((world) => world.stream.rejoined(world.now)),
  just((world) => world.stream.rejoined(Number.POSITIVE_INFINITY)),
  just((world) => world.restart()),
  fc.integer({ min: -2, max: 9 }).map((ahead) => (world: StreamWorld) => world.forge(ahead, 'another')),
  // A number made up is found out by what is asked after it, unless the true ones have come so far by then.
  fc.integer({ min: 1, max: 9 }).map((ahead) => (world: StreamWorld) => {
    world.forge(ahead, 'this');
    world.now++;
    world.read();
  }),
);

/** Messages that are none, while true ones arrive in their order and soon. */
const forged = fc.oneof(
  ...REPLIES,
  wait(300),
  index.map((at) => (world: StreamWorld) => world.double(at)),
  just((world) => world.stream.rejoined(world.now)),
  just((world) => world.restart()),
  fc.integer({ min: -2, max: 9 }).map((ahead) => (world: StreamWorld) => world.forge(ahead, 'this')),
  just((world) => world.forge(999_999_999_999_000, 'this')),
);

function insist(holds: boolean, words: string): void {
  if (!holds) throw new Error(`it does not hold that ${words}`);
}

/** Everything arrives, and is read twice, with time between. */
function comeToRest(world: StreamWorld): void {
  world.stream.rejoined(world.now);
  while (world.messages.length > 0) world.deliver();
  for (let time = 0; time < 3; time++) {
    world.now += BOUND + 1;
    world.read();
  }
  insist(world.unknownBefore(Number.POSITIVE_INFINITY).length === 0, 'nothing is missed for ever, and not known to be');
  insist(world.stream.until === world.now + BOUND, 'what is at rest is confirmed');
  const { losses } = world;
  world.invalidate('other');
  world.deliver();
  world.read();
  insist(world.losses === losses, 'what is at rest and hears everything loses nothing');
  insist(world.applied.at(-1) === world.published.at(-1)?.invalidation, 'what is at rest applies what it hears');
}

describe('A stream', () => {
  it('is never confirmed for longer than what it heard is complete, whatever is late, lost, doubled or reordered', () => {
    fc.assert(
      fc.property(fc.array(weather, { minLength: 5, maxLength: 60, size: 'max' }), (steps) => {
        const world = new StreamWorld();
        for (const step of steps) {
          step(world);
          const unknown = world.unknownBefore(world.stream.until - BOUND);
          insist(unknown.length === 0, 'what took effect one bound before the end of its trust is known');
        }
        comeToRest(world);
      }),
      { numRuns: 2_000 },
    );
  });

  it('relies on no number that somebody made up', () => {
    fc.assert(
      fc.property(fc.array(forged, { minLength: 5, maxLength: 60, size: 'max' }), (steps) => {
        const world = new StreamWorld();
        for (const step of steps) {
          step(world);
          while (world.messages[0] !== undefined && world.now - world.messages[0].at > BOUND / 2) world.deliver();
          if (world.now >= world.stream.until) continue;
          insist(world.unknownBefore(world.now - BOUND).length === 0, 'what took effect one bound ago is known');
        }
        comeToRest(world);
      }),
      { numRuns: 2_000 },
    );
  });

  it('forgets nothing in a long history', () => {
    fc.assert(
      fc.property(fc.array(weather, { minLength: 400, maxLength: 1_000, size: 'max' }), (steps) => {
        const world = new StreamWorld();
        for (const step of steps) step(world);
        insist(world.unknownBefore(world.stream.until - BOUND).length === 0, 'what is old is known');
        comeToRest(world);
      }),
      { numRuns: 50 },
    );
    expect(true).toBe(true);
  });
});
