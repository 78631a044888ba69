import { describe, expect, it } from '@jest/globals';
import { Flight, Flights } from '../../../lib/engine/flight.js';
import { LoadSlots, type Slot } from '../../../lib/engine/load-slots.js';
import { entryOf } from './sharing-world.js';

const flights = new Flights();
const flightOf = (name: string): Flight =>
  new Flight({ key: name, name, old: undefined, isForced: false }, [], flights);

/** A load that has the only slot there is, and another that waits for its turn. */
function twoLoads() {
  const slots = new LoadSlots(1);
  const [outer, inner] = [flightOf('outer'), flightOf('inner')];
  outer.enterQueue(slots.enter((slot) => void (outer.slot = slot)));
  const begun: Slot[] = [];
  const enter = (): void => inner.enterQueue(slots.enter((slot) => void begun.push(slot)));
  return { outer, inner, enter, begun };
}

describe('A load that waits for another', () => {
  it('waits until the last of its calls waits no more', () => {
    const [outer, inner] = [flightOf('outer'), flightOf('inner')];
    const stops = [outer.waitFor(inner), outer.waitFor(inner), outer.waitFor(inner)];
    for (const stop of stops) {
      expect(outer.pathTo(inner)).toEqual(['outer', 'inner']);
      stop();
    }
    expect(outer.pathTo(inner)).toBeUndefined();
  });

  it('waits for what that one waits for, by the shortest way', () => {
    const [first, second, third, last] = ['1', '2', '3', '4'].map(flightOf) as [Flight, Flight, Flight, Flight];
    first.waitFor(second);
    first.waitFor(third);
    second.waitFor(third);
    third.waitFor(last);
    expect(first.pathTo(last)).toEqual(['1', '3', '4']);
    expect(last.pathTo(first)).toBeUndefined();
  });

  it('waits no more when that one has ended', () => {
    const [outer, inner] = [flightOf('outer'), flightOf('inner')];
    outer.waitFor(inner);
    inner.land(entryOf({}));
    expect(outer.pathTo(inner)).toBeUndefined();
  });

  it('waits no more when it has ended itself', () => {
    const [outer, inner] = [flightOf('outer'), flightOf('inner')];
    outer.waitFor(inner);
    outer.fail(new Error('given up'));
    expect(outer.pathTo(inner)).toBeUndefined();
  });

  it('lends it its slot', () => {
    const { outer, inner, enter, begun } = twoLoads();
    enter();
    expect(begun).toEqual([]);
    outer.waitFor(inner);
    outer.lendTo(inner);
    expect(begun.map(({ lentBy }) => lentBy)).toEqual([outer.slot]);
  });

  it('lends it its slot as soon as it comes to wait for a turn', () => {
    const { outer, inner, enter, begun } = twoLoads();
    outer.waitFor(inner);
    outer.lendTo(inner);
    enter();
    expect(begun.map(({ lentBy }) => lentBy)).toEqual([outer.slot]);
  });
});

describe('A load that ends as another does', () => {
  it('says what became of that one', async () => {
    const [late, leader] = [flightOf('k'), flightOf('k')];
    late.endWith(leader);
    Object.assign(leader, { position: 7, isStored: true, isFound: true, foundIn: 'far' });
    const entry = entryOf({});
    leader.land(entry);
    expect(await late.landing).toBe(entry);
    expect(late).toMatchObject({ position: 7, isStored: true, isFound: true, foundIn: 'far' });
  });
});

describe('A load that ends with another', () => {
  it('fails as that one does', async () => {
    const [late, leader] = [flightOf('k'), flightOf('k')];
    late.endWith(leader);
    const reason = new Error('source is down');
    leader.fail(reason);
    await expect(late.landing).rejects.toBe(reason);
  });

  it.each(['it', 'that one'])('was invalidated when %s was', (which) => {
    const [late, leader] = [flightOf('k'), flightOf('k')];
    late.endWith(leader);
    expect(late.isInvalidated).toBe(false);
    (which === 'it' ? late : leader).invalidated();
    expect(late.isInvalidated).toBe(true);
  });

  it.each([
    ['keeps that one going, as long as somebody waits for it', 1, false],
    ['is left to that one, if nobody waits for it', 0, true],
  ])('%s', (_words, waiters, isDeserted) => {
    const [late, leader] = [flightOf('k'), flightOf('k')];
    const leave = waiters === 1 ? late.join() : undefined;
    late.endWith(leader);
    expect(leader.isDeserted).toBe(isDeserted);
    leave?.();
    expect(leader.isDeserted).toBe(true);
  });
});

describe('The table of running loads', () => {
  it('takes a load in again that waits for others, if none has its place', () => {
    const table = new Flights();
    const [first, second] = [flightOf('k'), flightOf('k')];
    table.enter(first);
    expect([table.enterAgain(first), first.isInvalidated]).toEqual([undefined, false]);
    first.position = 1;
    table.detach('k');
    expect(table.has(first)).toBe(false);
    const third = flightOf('k');
    expect([table.enterAgain(third), third.isInvalidated, table.get('k')]).toEqual([undefined, true, third]);
    expect([table.enterAgain(second), second.isInvalidated, table.get('k')]).toEqual([third, false, third]);
  });
});
