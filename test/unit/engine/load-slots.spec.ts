import { describe, expect, it } from '@jest/globals';
import { LoadSlots, type Slot, type Turn } from '../../../lib/engine/load-slots.js';
import { ManualClock } from '../../../lib/testing/index.js';

/** So many slots, and the loads that have begun, by their names, with what they run on. */
class Running {
  readonly clock = new ManualClock();
  readonly begun = new Map<string, Slot>();
  readonly slots: LoadSlots;

  constructor({ isWatched = false } = {}) {
    this.slots = new LoadSlots(1, isWatched ? this.clock : undefined);
  }

  enter(name: string): Turn {
    return this.slots.enter((slot) => void this.begun.set(name, slot));
  }

  slot(name: string): Slot {
    const slot = this.begun.get(name);
    if (slot === undefined) throw new Error(`${name} has not begun`);
    return slot;
  }

  leave(name: string): void {
    this.slots.leave(this.slot(name));
  }

  get names(): string {
    return [...this.begun.keys()].join(' ');
  }
}

describe('Loads that run on the slots of those that wait for them', () => {
  it('count by themselves when one in the middle has ended', () => {
    const running = new Running();
    running.enter('a');
    running.slots.lend(running.slot('a'), running.enter('b'));
    running.slots.lend(running.slot('b'), running.enter('c'));
    expect(running.names).toBe('a b c');
    running.leave('b');
    expect(running.slots.free).toBe(false);
    running.leave('a');
    expect(running.slots.free).toBe(false);
    running.leave('c');
    expect(running.slots.free).toBe(true);
    running.enter('d');
    expect(running.slots.free).toBe(false);
  });

  it('count by themselves when nobody waits for them any more', () => {
    const running = new Running();
    running.enter('a');
    running.slots.lend(running.slot('a'), running.enter('b'));
    running.slots.part(running.slot('a'), running.slot('b'));
    running.leave('a');
    expect(running.slots.free).toBe(false);
    running.leave('b');
    expect(running.slots.free).toBe(true);
  });
});

describe('A limit that is in its own way', () => {
  it('grows with the length of a standstill', async () => {
    const running = new Running({ isWatched: true });
    for (const name of 'abcdefghij') running.enter(name);
    const seen: string[] = [running.names];
    for (const ms of [999, 1, 1_999, 1, 3_999, 1]) {
      await running.clock.advance(ms);
      seen.push(running.names);
    }
    const [one, two, four, eight] = ['a', 'a b', 'a b c d', 'a b c d e f g h'];
    expect(seen).toEqual([one, one, two, two, four, four, eight]);
  });

  it('grows though one of those that wait has left', async () => {
    const running = new Running({ isWatched: true });
    running.enter('a');
    const turn = running.enter('b');
    running.enter('c');
    running.slots.abandon(turn);
    await running.clock.advance(1_000);
    expect(running.names).toBe('a c');
  });

  it('is what it was when nobody waits any more', async () => {
    const running = new Running({ isWatched: true });
    for (const name of 'ab') running.enter(name);
    await running.clock.advance(1_000);
    expect(running.names).toBe('a b');
    running.leave('a');
    expect([running.slots.free, running.clock.pending]).toEqual([false, 0]);
    running.leave('b');
    expect(running.slots.free).toBe(true);
  });
});
