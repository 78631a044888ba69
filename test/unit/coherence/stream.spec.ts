import { describe, expect, it } from '@jest/globals';
import { BOUND, StreamWorld } from './stream-world.js';

/** One whose position was read once. */
function joined(): StreamWorld {
  const world = new StreamWorld();
  world.read();
  world.losses = 0;
  return world;
}

describe('A stream that was never read', () => {
  it('is not confirmed by what it hears, which is applied', () => {
    const world = new StreamWorld();
    world.invalidate('other');
    world.deliver();
    expect(world.stream.until).toBe(Number.NEGATIVE_INFINITY);
    expect([world.applied.length, world.doubts, world.losses]).toEqual([1, 1, 0]);
  });

  it('may have missed everything', () => {
    const world = new StreamWorld();
    world.read();
    expect([world.losses, world.stream.until]).toEqual([1, BOUND]);
  });
});

describe('A stream', () => {
  it('is confirmed from when a request was sent, not from when it was answered', () => {
    const world = joined();
    world.now = 500;
    world.ask();
    world.now = 900;
    world.reach();
    world.now = 1_300;
    world.answer();
    expect(world.stream.until).toBe(500 + BOUND);
  });

  it('is not confirmed for less by a request that was sent earlier', () => {
    const world = joined();
    world.stream.saw(world.position, 700, 900);
    world.stream.saw(world.position, 300, 900);
    expect(world.stream.until).toBe(700 + BOUND);
  });

  it('is confirmed by a reply only when it has heard all that the reply knows of', () => {
    const world = joined();
    for (let time = 0; time < 2; time++) world.invalidate('other');
    world.now = 100;
    world.read();
    expect(world.stream.until).toBe(BOUND);
    world.deliver();
    expect(world.stream.until).toBe(BOUND);
    world.deliver();
    expect([world.stream.until, world.losses, world.applied.length]).toEqual([100 + BOUND, 0, 2]);
  });

  it('applies what others do, and not what this process announced', () => {
    const world = joined();
    world.invalidate('self');
    world.invalidate('other');
    world.invalidate('self');
    while (world.messages.length > 0) world.deliver();
    expect(world.applied.map(({ n }) => n)).toEqual([2]);
    expect(world.losses).toBe(0);
  });

  it('knows as many of its own as one call announced, and no more', () => {
    const world = joined();
    world.stream.announce('mine'.padEnd(15, '-'), 2);
    for (let n = 1; n <= 3; n++) {
      const invalidation = { kind: 'tag', name: `k:${n}`, nonce: 'mine'.padEnd(15, '-') } as const;
      world.stream.heard({ ...invalidation, ...world.position, n }, 0);
    }
    expect(world.applied.map(({ n }) => n)).toEqual([3]);
  });

  it('applies what is told twice, late, or under a number that was used before', () => {
    const world = joined();
    for (let time = 0; time < 3; time++) world.invalidate('other');
    for (const index of [0, 0, 0]) world.deliver(index);
    world.double(0);
    world.double(2);
    world.forge(0, 'this');
    expect(world.applied.map(({ n }) => n)).toEqual([1, 2, 3, 1, 3, 3]);
    expect(world.losses).toBe(0);
  });

  it('knows by a gap that something was missed, and still applies it when it comes', () => {
    const world = joined();
    for (let time = 0; time < 3; time++) world.invalidate('other');
    world.deliver(2);
    expect([world.losses, world.applied.map(({ n }) => n)]).toEqual([1, [3]]);
    while (world.messages.length > 0) world.deliver();
    expect([world.losses, world.applied.map(({ n }) => n)]).toEqual([1, [3, 1, 2]]);
  });

  it('holds itself for deaf when what it must have heard does not come within the bound', () => {
    const world = joined();
    world.invalidate('other');
    for (world.now = 100; world.now <= 100 + BOUND; world.now += 100) world.read();
    expect([world.deafs, world.losses, world.stream.until]).toEqual([0, 0, BOUND]);
    world.read();
    expect([world.deafs, world.losses, world.stream.until]).toEqual([1, 1, world.now + BOUND]);
  });

  it('does not wait for what was published while nobody listened', () => {
    const world = joined();
    world.stream.rejoined(Number.POSITIVE_INFINITY);
    world.invalidate('other');
    world.now = 10;
    world.read();
    expect([world.deafs, world.losses, world.stream.until]).toEqual([0, 1, 10 + BOUND]);
  });

  it('loses nothing by a break in which nothing was published', () => {
    const world = joined();
    world.stream.rejoined(Number.POSITIVE_INFINITY);
    world.now = 10;
    world.read();
    world.now = 20;
    world.stream.rejoined(20);
    world.now = 30;
    world.read();
    // From here on it waits for what it is told of, as it hears again.
    world.invalidate('other');
    world.read();
    expect([world.losses, world.stream.until]).toEqual([0, 30 + BOUND]);
    world.deliver();
    expect([world.losses, world.applied.length]).toEqual([0, 1]);
  });

  it('still counts on nothing published in a break when what it reads was asked in it', () => {
    const world = joined();
    world.stream.rejoined(Number.POSITIVE_INFINITY);
    world.now = 10;
    world.ask();
    world.reach();
    world.now = 20;
    world.invalidate('other');
    world.lose(0);
    world.stream.rejoined(20);
    world.answer();
    expect(world.losses).toBe(0);
    world.now = 30;
    world.read();
    expect(world.losses).toBe(1);
  });

  it('begins anew with another server', () => {
    const world = joined();
    world.invalidate('other');
    world.deliver();
    world.restart();
    world.now = 50;
    world.read();
    expect([world.losses, world.stream.until]).toEqual([1, 50 + BOUND]);
    world.double(0);
    expect([world.applied.length, world.doubts]).toEqual([2, 1]);
  });

  it('applies at once, and knows as its own, what tells it that another has begun', () => {
    const world = joined();
    world.restart();
    for (const who of ['other', 'self'] as const) world.invalidate(who);
    for (let message = 0; message < 2; message++) world.deliver();
    expect(world.applied).toEqual([world.published[0]?.invalidation]);
    expect([world.doubts, world.losses]).toEqual([2, 0]);
  });

  it('finds out a number that was made up by the first reply that was asked for after it', () => {
    const world = joined();
    world.now = 10;
    world.ask();
    world.reach();
    world.now = 20;
    world.forge(1, 'this');
    world.answer();
    expect(world.losses).toBe(0);
    world.now = 30;
    world.read();
    expect([world.losses, world.stream.until]).toEqual([1, 30 + BOUND]);
  });

  it('remembers no more than it has use for', () => {
    const world = joined();
    for (let number = 0; number < 30_000; number++) world.invalidate('self');
    while (world.messages.length > 0) world.messages.pop();
    for (world.now = 1; world.now <= 300; world.now++) world.read();
    world.now += BOUND;
    world.read();
    expect([world.losses, world.stream.until]).toEqual([1, world.now + BOUND]);
    // Of the earliest of its own it does not know any more that they are.
    world.double(0);
    world.double(29_999);
    expect(world.applied.map(({ n }) => n)).toEqual([1]);
  });
});
