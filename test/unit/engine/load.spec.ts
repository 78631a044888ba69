import { describe, expect, it } from '@jest/globals';
import type { Flight } from '../../../lib/engine/flight.js';
import type { LoadRequest } from '../../../lib/engine/load-request.js';
import type { CachePolicyOptions } from '../../../lib/policy/options.js';
import type { SharedValue } from '../../../lib/tiers/shared-tier.js';
import { MemoryTier } from '../../../lib/tiers/memory.tier.js';
import { settle, stateOf } from '../../support/source.js';
import { LoadWorld } from './load-world.js';
import { entryOf } from './sharing-world.js';
import { StubFarTier, StubLease } from './stub-tier.js';

/** The world's clock stands at 10,000. */
const THEIRS: SharedValue = {
  ...{ value: 'theirs', tags: ['t'], born: 9_000, freshUntil: 20_000, loadMs: 5 },
  ...{ staleWhileRevalidate: 0, staleIfError: 0 },
};
const FOUND = { kind: 'found', found: THEIRS, mark: Buffer.from('new') };
const BUSY = { kind: 'busy', leftMs: 2_000 };
const OLD = { value: 'old', born: 9_000, freshUntil: 9_500, terms: { staleIfError: 60_000 } };

/** Of which a copy cannot be made. */
const UNCOPIED = {
  get broken(): never {
    throw new Error('no copy');
  },
};

/** A load that has the lease, and runs. */
async function begun(
  world = new LoadWorld(),
  parts: Partial<LoadRequest> = {},
  options: CachePolicyOptions = {},
): Promise<{ world: LoadWorld; flight: Flight; lease: StubLease; leave: () => void }> {
  const flight = world.fly(parts, options);
  const leave = flight.join();
  return { world, flight, lease: await world.win(), leave };
}

describe('What a load brought is', () => {
  it.each<[string, boolean, (world: LoadWorld) => void, CachePolicyOptions]>([
    ['stored', true, ({ source }) => source.answer('v'), {}],
    ['stored', true, ({ source }) => source.answer(null), { negativeTtl: '1s' }],
    ['negative', true, ({ source }) => source.fail('none'), { negativeTtl: '1s', isNegativeError: () => true }],
    ['skipped', false, ({ source }) => source.answer(null), { negativeTtl: false }],
    ['skipped', false, ({ source }) => source.fail('none'), { negativeTtl: false, isNegativeError: () => true }],
    [
      'skipped',
      false,
      ({ source }) => {
        source.contexts[0]?.skip();
        source.answer('v');
      },
      {},
    ],
    [
      'overtaken',
      false,
      ({ source, flights }) => {
        flights.detach('k');
        source.answer('v');
      },
      {},
    ],
  ])('told to be %s, and so are those who waited: %s (%#)', async (end, isStored, finish, options) => {
    const world = new LoadWorld({ isShared: false });
    const flight = world.fly({}, options);
    finish(world);
    const entry = await flight.landing;
    expect([world.ends, flight.isStored, flight.isFound]).toEqual([[end], isStored, false]);
    expect(world.near.get('k')).toBe(isStored ? entry : undefined);
  });

  it('over before it was given to anybody, when it is not to be kept', async () => {
    const world = new LoadWorld({ isShared: false });
    const flight = world.fly();
    world.source.contexts[0]?.skip();
    world.source.answer('v');
    expect(await flight.landing).toMatchObject({ value: 'v', born: 10_000, freshUntil: 10_000 });
  });

  it('no end of what was there, when it was skipped', async () => {
    const world = new LoadWorld({ isShared: false });
    const there = entryOf({});
    world.near.set(there);
    const flight = world.fly();
    world.source.contexts[0]?.skip();
    world.source.answer('v');
    await flight.landing;
    expect(world.near.get('k')).toBe(there);
  });

  it('the end of what was there, when it is not to be kept', async () => {
    const world = new LoadWorld({ isShared: false });
    world.near.set(entryOf({}));
    const flight = world.fly({}, { negativeTtl: false });
    world.source.answer(null);
    await flight.landing;
    expect(world.near.get('k')).toBeUndefined();
  });

  it.each<[string, string[], (world: LoadWorld) => void, CachePolicyOptions]>([
    ['is given to the others', ['store'], ({ source }) => source.answer('v'), {}],
    ['is no matter of theirs', ['release nothing'], ({ source }) => source.answer(null), { negativeTtl: false }],
    [
      'is no matter of theirs',
      ['release nothing'],
      ({ source }) => {
        source.contexts[0]?.skip();
        source.answer('v');
      },
      {},
    ],
    [
      'came too late for them',
      ['release refused'],
      ({ source, flights }) => {
        flights.detach('k');
        source.answer('v');
      },
      {},
    ],
    ['is a failure', ['release failed'], ({ source }) => source.fail(new Error('source is down')), {}],
  ])('something that %s: %j (%#)', async (_words, said, finish, options) => {
    const { world, flight, lease } = await begun(new LoadWorld(), {}, options);
    finish(world);
    await Promise.allSettled([flight.landing]);
    await settle();
    expect(lease.said).toEqual(said);
    lease.answer('stored');
    await settle();
    expect([world.tier.open, world.faults]).toEqual([[], []]);
  });

  it('nothing, which ends what was seen there', async () => {
    const { world, lease } = await begun(new LoadWorld(), { mark: Buffer.from('seen') }, { negativeTtl: false });
    world.source.answer(null);
    await settle();
    lease.answer();
    await settle();
    expect([lease.said, world.tier.open]).toEqual([['release nothing'], ['key k']]);
  });

  it('nothing that the others need to know of, when it was skipped, whatever was seen there', async () => {
    const { world, lease } = await begun(new LoadWorld(), { mark: Buffer.from('seen') });
    world.source.contexts[0]?.skip();
    world.source.answer('v');
    await settle();
    lease.answer();
    await settle();
    expect([lease.said, world.tier.open, world.solo.has('k')]).toEqual([['release nothing'], [], true]);
  });

  it.each<[string, string, (world: LoadWorld) => unknown]>([
    ['it cannot be copied', 'copy: no copy', () => UNCOPIED],
    [
      'memory fails',
      'store: no room',
      ({ near }) => {
        near.set = () => {
          throw new Error('no room');
        };
        return 'v';
      },
    ],
  ])('an answer all the same, though not kept, when %s, which is told', async (_words, fault, prepare) => {
    const world = new LoadWorld({ isShared: false, isolation: 'clone' });
    const value = prepare(world);
    const flight = world.fly();
    world.source.answer(value);
    expect((await flight.landing).value).toBe(value);
    expect([world.ends, world.faults]).toEqual([['skipped'], [fault]]);
  });

  it('for this process alone, when nobody can be asked', async () => {
    const world = new LoadWorld();
    world.tier.isReachable = false;
    const flight = world.fly();
    await settle();
    world.source.answer('v');
    const entry = await flight.landing;
    await settle();
    expect([world.near.get('k'), world.tier.said, world.faults]).toEqual([entry, [], []]);
  });
});

describe('What a load found with another process is', () => {
  it('no result of its own', async () => {
    const world = new LoadWorld();
    const flight = world.fly();
    await world.reply(FOUND);
    expect(await flight.landing).toMatchObject({ value: 'theirs' });
    expect([flight.isFound, flight.foundIn, world.source.loads, world.ends]).toEqual([true, undefined, 0, []]);
  });

  it('put back where a tier behind the shared one had it', async () => {
    const { world, flight, lease } = await recovered(() => undefined);
    expect(await flight.landing).toMatchObject({ value: 'theirs' });
    expect([flight.isFound, flight.foundIn, world.source.loads]).toEqual([true, 'far', 0]);
    expect(lease.said).toEqual(['put back']);
  });

  it('not put back when its key was invalidated meanwhile', async () => {
    const { world, flight, lease } = await recovered(({ flights }) => flights.detach('k'));
    expect(await flight.landing).toMatchObject({ value: 'theirs' });
    expect([lease.said, world.near.get('k')]).toEqual([['release refused'], undefined]);
  });
});

/** A load that finds its value in a far tier; something happens while it looks there. */
async function recovered(meanwhile: (world: LoadWorld) => void) {
  const far = new StubFarTier();
  const world = new LoadWorld({ tiers: [far] });
  far.kept.set('name of k', Buffer.from('copy'));
  let answer: (value: SharedValue) => void = () => undefined;
  const value = new Promise<SharedValue>((resolve) => {
    answer = resolve;
  });
  world.voucher.say('copy', { value: () => value });
  const { flight, lease } = await begun(world);
  meanwhile(world);
  answer(THEIRS);
  await settle();
  return { world, flight, lease };
}

describe('A load ends once:', () => {
  it.each([
    ['a lease', 'is given back', ['release refused']],
    ['a value', 'is left', []],
  ])('%s that comes when its time is over %s', async (what, _end, said) => {
    const world = new LoadWorld();
    const flight = world.fly({}, { timeout: 100 });
    await world.clock.advance(100);
    expect(await stateOf(flight.landing)).toBe('rejected');
    const lease = new StubLease();
    await world.reply(what === 'a value' ? FOUND : { kind: 'won', lease });
    expect([lease.said, world.source.loads, world.near.entries]).toEqual([said, 0, 0]);
  });

  it('it does not begin when its last caller leaves as another process makes room for it', async () => {
    const world = new LoadWorld();
    const flight = world.fly();
    const leave = flight.join();
    await world.reply(BUSY);
    world.tier.waits[0]?.wake('nothing');
    leave();
    await settle();
    expect([await stateOf(flight.landing), world.source.loads, world.clock.pending]).toEqual(['rejected', 0, 0]);
  });

  it.each(['a value that cannot be copied', 'an error'])('%s that comes too late is not looked at', async (what) => {
    let asked = 0;
    const isNegativeError = (): boolean => ++asked > 0;
    const world = new LoadWorld({ isShared: false, isolation: 'clone' });
    const flight = world.fly({}, { timeout: 100, isNegativeError });
    await world.clock.advance(100);
    expect(await stateOf(flight.landing)).toBe('rejected');
    if (what === 'an error') world.source.fail(new Error('late'));
    else world.source.answer(UNCOPIED);
    await settle();
    expect([asked, world.faults, world.ends]).toEqual([0, [], ['timeout']]);
  });

  it('what comes when every caller has left is told to nobody', async () => {
    const { world, leave, lease, flight } = await begun();
    leave();
    expect(world.source.contexts[0]?.signal.reason).toMatchObject({
      name: 'AbortError',
      message: 'every caller of this load has left',
    });
    world.source.answer('late');
    expect(await stateOf(flight.landing)).toBe('rejected');
    expect([world.ends, lease.said, world.near.entries]).toEqual([['abandoned'], ['release refused'], 0]);
  });

  it.each([true, false])('the last caller may leave while its error is judged: %s', async (isNegative) => {
    const world = new LoadWorld({ isShared: false });
    const isNegativeError = (): boolean => {
      leave();
      return isNegative;
    };
    const flight = world.fly({}, { negativeTtl: '1s', isNegativeError });
    const leave = flight.join();
    world.source.fail(new Error('none'));
    expect(await stateOf(flight.landing)).toBe('rejected');
    expect([world.ends, world.near.entries]).toEqual([['abandoned'], 0]);
  });

  it.each(['was loaded', 'was found'])(
    'the last caller may leave while what %s takes the place of another',
    async (how) => {
      const near = new MemoryTier({ max: 1, maxBytes: undefined }, () => leave());
      const world = new LoadWorld({ near });
      near.set(entryOf({ key: 'another' }));
      const flight = world.fly();
      const leave = flight.join();
      if (how === 'was found') await world.reply(FOUND);
      else await world.win();
      world.source.answer('v');
      expect(await stateOf(flight.landing)).toBe('fulfilled');
      expect(world.ends).toEqual(how === 'was found' ? [] : ['stored']);
    },
  );

  it('every caller may have left before its loader has returned', async () => {
    const world = new LoadWorld({ isShared: false });
    const load = (): Promise<never> => {
      world.flights.get('k')?.join()();
      return new Promise(() => undefined);
    };
    expect(await stateOf(world.fly({ load }).landing)).toBe('rejected');
    expect([world.ends, world.flights.get('k')]).toEqual([['abandoned'], undefined]);
  });

  it('what never began is told of by no event', async () => {
    const world = new LoadWorld({ isShared: false, loads: 1 });
    world.fly({ key: 'before' });
    const flight = world.fly({}, { timeout: 100 });
    await world.clock.advance(100);
    expect(await stateOf(flight.landing)).toBe('rejected');
    expect(world.ends).toEqual([]);
  });
});

describe('A refresh that finds another process at it', () => {
  const behind = { place: 'behind', old: entryOf(OLD) } as const;

  it('is left to that one, whatever comes of it, when nobody waits', async () => {
    const world = new LoadWorld();
    const flight = world.fly(behind);
    await world.reply(BUSY);
    world.tier.waits[0]?.wake('nothing');
    expect(await stateOf(flight.landing)).toBe('rejected');
    expect([world.source.loads, world.flights.get('k'), world.ends, world.faults]).toEqual([0, undefined, [], []]);
  });

  it('loads when somebody waits for it', async () => {
    const world = new LoadWorld();
    const flight = world.fly(behind);
    await world.reply(BUSY);
    flight.join();
    world.tier.waits[0]?.wake('nothing');
    await settle();
    expect(world.source.loads).toBe(1);
  });
});

describe('A load for callers that finds another process at it', () => {
  it('loads when that one has nothing to share', async () => {
    const world = new LoadWorld();
    world.fly();
    await world.reply(BUSY);
    world.tier.waits[0]?.wake('nothing');
    await settle();
    expect(world.source.loads).toBe(1);
  });
});

describe('A load that another takes the place of', () => {
  it.each([
    ['only that one is forced', false, true],
    ['both are', true, true],
    ['none is', false, false],
  ])('is that one, when it waits for its turn and %s', async (_words, isForced, isOtherForced) => {
    const world = new LoadWorld({ isShared: false, loads: 1 });
    const before = world.fly({ key: 'before' });
    const [first, second] = [world.fly({ isForced }), world.fly({ isForced: isOtherForced })];
    world.source.answer('before', 0);
    await before.landing;
    world.source.answer('v', 1);
    expect(await stateOf(first.landing)).toBe('fulfilled');
    expect(await first.landing).toBe(await second.landing);
    expect([world.source.loads, world.ends]).toEqual([2, ['stored', 'stored']]);
  });

  it('is not that one, when only it was forced', async () => {
    const world = new LoadWorld({ isShared: false, loads: 1 });
    const before = world.fly({ key: 'before' });
    const [first, second] = [world.fly({ isForced: true }), world.fly()];
    world.source.answer('before', 0);
    await before.landing;
    world.source.answer('forced', 1);
    expect((await first.landing).value).toBe('forced');
    expect(await stateOf(second.landing)).toBe('pending');
    world.source.answer('not forced', 2);
    expect((await second.landing).value).toBe('not forced');
  });

  it('does not begin, though another process has ended by then', async () => {
    const world = new LoadWorld();
    const first = world.fly();
    await world.reply(BUSY);
    world.tier.waits[0]?.wake('nothing');
    const second = world.fly({ isForced: true });
    await world.win();
    expect(world.source.loads).toBe(1);
    world.source.answer('forced');
    expect(await first.landing).toBe(await second.landing);
  });

  it('is that one, when it would wait for another process', async () => {
    const world = new LoadWorld();
    const [first, second] = [world.fly(), world.fly({ isForced: true })];
    await world.reply(BUSY);
    await world.win();
    world.source.answer('forced');
    expect(await stateOf(first.landing)).toBe('fulfilled');
    expect(await first.landing).toBe(await second.landing);
    expect([world.source.loads, world.clock.pending]).toEqual([1, 0]);
  });

  it('goes its own way, when only it was forced and another process loads', async () => {
    const world = new LoadWorld();
    const [first, second] = [world.fly({ isForced: true }), world.fly()];
    await world.reply(BUSY);
    world.tier.waits[0]?.wake('nothing');
    await settle();
    world.source.answer('forced');
    expect(await stateOf(first.landing)).toBe('fulfilled');
    expect(await stateOf(second.landing)).toBe('pending');
  });

  it('is not that one, when that one waits for it', async () => {
    const world = new LoadWorld();
    const [first, second] = [world.fly(), world.fly({ isForced: true })];
    second.waitFor(first);
    await world.reply(BUSY);
    world.tier.waits[0]?.wake('nothing');
    await settle();
    world.source.answer('v');
    expect(await stateOf(first.landing)).toBe('fulfilled');
    expect(await stateOf(second.landing)).toBe('pending');
  });
});

describe('An error of which it is asked whether it says that there is nothing', () => {
  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('broken');
      },
    ],
    ['gives a promise that fails', () => Promise.reject(new Error('broken'))],
  ])('is a failure when whoever is asked %s, which is told', async (_words, isNegativeError) => {
    const world = new LoadWorld({ isShared: false });
    const flight = world.fly({}, { negativeTtl: '1s', isNegativeError: isNegativeError as () => boolean });
    const error = new Error('source is down');
    world.source.fail(error);
    await expect(flight.landing).rejects.toBe(error);
    await settle();
    expect([world.ends, world.faults]).toEqual([['failed'], ['isNegativeError: broken']]);
  });
});

describe('A failure that no caller is told of is told', () => {
  it.each<[string, Partial<LoadRequest>, boolean]>([
    ['refresh: source is down', { place: 'behind' }, false],
    ['load: source is down', {}, true],
  ])('as what it was: %s', async (said, parts, isTold) => {
    const world = new LoadWorld({ isShared: false });
    const flight = world.fly(parts);
    flight.failureIsTold = isTold;
    world.source.fail(new Error('source is down'));
    expect(await stateOf(flight.landing)).toBe('rejected');
    expect(world.faults).toEqual([said]);
  });
});

describe('A load without a limit', () => {
  it('is watched by no timer', () => {
    const world = new LoadWorld({ isShared: false });
    world.fly({}, { timeout: false });
    expect([world.source.loads, world.clock.pending]).toEqual([1, 0]);
  });
});

describe('An old value that memory holds', () => {
  it('is shown to a load', () => {
    const world = new LoadWorld({ isShared: false });
    const old = entryOf(OLD);
    world.near.set(old);
    world.fly({ old });
    expect(world.source.contexts[0]?.stale).toBe('old');
  });
});

describe('An old value that was let go of before its load began', () => {
  it.each([
    ['shown to a load that shares', true, 'old'],
    ['not shown where memory is all there is', false, undefined],
  ])('is %s', async (_words, isShared, stale) => {
    const world = new LoadWorld({ isShared });
    world.fly({ old: entryOf(OLD) });
    if (isShared) await world.win();
    expect(world.source.contexts[0]?.stale).toBe(stale);
  });
});
