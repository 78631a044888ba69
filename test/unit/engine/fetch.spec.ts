import { describe, expect, it } from '@jest/globals';
import { Trust } from '../../../lib/coherence/trust.js';
import { type Fetched, Fetches, type FetchRequest } from '../../../lib/engine/fetch.js';
import type { CachePolicyOptions } from '../../../lib/policy/options.js';
import { DEFAULT_POLICY, resolvePolicy } from '../../../lib/policy/resolve-policy.js';
import type { SharedFind, SharedValue } from '../../../lib/tiers/shared-tier.js';
import type { NearTier } from '../../../lib/tiers/near-tier.js';
import { settle, stateOf } from '../../support/source.js';
import { LoadWorld } from './load-world.js';
import { entryOf, type WorldOptions } from './sharing-world.js';
import { StubFarTier } from './stub-tier.js';

const ASKED = 'read k';
const MARK = Buffer.from('mark');
/** How old a look may be that is joined. */
const BOUND = 100;
/** The world's clock stands at 10,000. */
const THEIRS: SharedValue = {
  ...{ value: 'theirs', tags: ['t'], born: 9_000, freshUntil: 20_000, loadMs: 5 },
  ...{ staleWhileRevalidate: 0, staleIfError: 0 },
};

/** Looks into a shared tier that a test answers for. */
class FetchWorld extends LoadWorld {
  readonly fetches: Fetches;
  readonly trust: Trust;

  constructor(options: WorldOptions = {}) {
    super(options);
    const { clock, near, ledger, journal, tier: shared, retention, admission, retryTimes, reporter, farther } = this;
    const bucketOf = (): number => 0;
    this.trust = new Trust({ ledger, bound: BOUND, detachedTtl: 60_000, bucketOf, buckets: 1 });
    this.fetches = new Fetches({
      ...{ clock, near, ledger, trust: this.trust, journal, shared, retention, admission, retryTimes, reporter },
      ...{ bound: BOUND, farther },
    });
  }

  fetch(parts: Partial<FetchRequest> = {}, options: CachePolicyOptions = {}): Promise<Fetched> {
    const policy = resolvePolicy(DEFAULT_POLICY, { tags: ['t'], ...options });
    return this.fetches.fetch({ key: 'k', policy, type: undefined, since: this.ledger.position, ...parts });
  }

  /** Answers who has asked first. */
  async find(found: Partial<SharedValue> = {}): Promise<void> {
    const find: SharedFind = { found: { ...THEIRS, ...found }, mark: MARK };
    this.tier.answer(find, ASKED);
    await settle();
  }

  /** What is under way is joined, however old it is. */
  hearAll(until: number): void {
    const [bucket] = this.trust.buckets;
    bucket?.reached(until);
    bucket?.confirm(until);
  }

  /** How often the shared tier was asked. */
  get asked(): number {
    return this.tier.said.filter((said) => said === ASKED).length;
  }
}

describe('Those who look for one key at one time', () => {
  it('ask once, and get the same', async () => {
    const world = new FetchWorld();
    const looks = [world.fetch(), world.fetch()];
    expect(world.asked).toBe(1);
    await world.find();
    const [first, second] = await Promise.all(looks);
    expect(first?.entry).toMatchObject({ key: 'k', value: 'theirs', position: 0, born: 9_000 });
    expect([second?.entry, world.near.get('k')]).toEqual([first?.entry, first?.entry]);
    expect(world.asked).toBe(1);
  });

  it.each([[['t']], [['t', 'u']]])('ask once, if both declare the tags %j', (tags) => {
    const world = new FetchWorld();
    for (let look = 0; look < 2; look++) void world.fetch({}, { tags: [...tags] });
    expect(world.asked).toBe(1);
  });

  it.each<[string, [Partial<FetchRequest>, CachePolicyOptions], [Partial<FetchRequest>, CachePolicyOptions]]>([
    ['one of them wants instances of a class', [{ type: Date }, {}], [{}, {}]],
    ['one of them asks tiers behind it as well', [{ reach: 'farthest' }, {}], [{}, {}]],
    ['one of them declares a tag more', [{}, { tags: ['t'] }], [{}, { tags: ['t', 'u'] }]],
    ['one of them declares a tag less', [{}, { tags: ['t', 'u'] }], [{}, { tags: ['t'] }]],
    ['they declare different tags', [{}, { tags: ['t', 'u'] }], [{}, { tags: ['t', 'v'] }]],
  ])('ask each for himself when %s', (_words, one, other) => {
    const world = new FetchWorld();
    void world.fetch(...one);
    void world.fetch(...other);
    expect(world.asked).toBe(2);
  });

  it('ask each for himself when an invalidation came between them', () => {
    const world = new FetchWorld();
    void world.fetch();
    world.ledger.recordTag('t');
    void world.fetch();
    expect(world.asked).toBe(2);
  });

  it('ask once when an invalidation of something else came between them', () => {
    const world = new FetchWorld();
    void world.fetch();
    world.ledger.recordTag('another');
    void world.fetch();
    expect(world.asked).toBe(1);
  });

  it.each([
    [99, 1],
    [100, 2],
  ])('%i ms apart, where nothing is heard, ask so often: %i', async (ms, asked) => {
    const world = new FetchWorld();
    void world.fetch();
    await world.clock.advance(ms);
    void world.fetch();
    expect(world.asked).toBe(asked);
  });

  it.each([
    ['ask once while everything is heard, however far apart', 10_501, 1],
    ['ask each for himself when that is over', 10_500, 2],
  ])('%s', async (_words, until, asked) => {
    const world = new FetchWorld();
    world.hearAll(until);
    void world.fetch();
    await world.clock.advance(500);
    void world.fetch();
    expect(world.asked).toBe(asked);
  });

  it('ask each for himself when the key was invalidated between them', async () => {
    const world = new FetchWorld();
    const first = world.fetch();
    world.fetches.detach('k');
    const second = world.fetch();
    await world.find({ value: 'before' });
    expect([(await first).isOver, world.near.get('k')]).toEqual([true, undefined]);
    const third = world.fetch();
    expect(world.asked).toBe(2);
    await world.find({ value: 'after' });
    for (const look of [second, third]) expect(await look).toMatchObject({ isOver: false, entry: { value: 'after' } });
  });
});

describe('Who joins a look that was sent before an invalidation he knew of', () => {
  const LATE = { tags: ['t', 'of the value'] };

  /** Two looks, and an invalidation between them of which only the value shows that it concerns them. */
  async function joined(parts: Partial<FetchRequest> = {}) {
    const world = new FetchWorld();
    const first = world.fetch();
    world.ledger.recordTag('of the value');
    const second = world.fetch(parts);
    await settle();
    expect(world.asked).toBe(1);
    return { world, first, second };
  }

  it('looks again, if it concerns what he got', async () => {
    const { world, first, second } = await joined();
    await world.find({ ...LATE, value: 'before' });
    expect(await first).toMatchObject({ entry: { value: 'before' } });
    expect([world.asked, await stateOf(second)]).toEqual([2, 'pending']);
    await world.find({ ...LATE, value: 'after' });
    expect(await second).toMatchObject({ entry: { value: 'after' } });
  });

  it('gets nothing when nobody can be asked any more', async () => {
    const { world, second } = await joined();
    world.tier.isReachable = false;
    await world.find(LATE);
    expect((await second).entry).toBeUndefined();
    expect(world.asked).toBe(1);
  });

  it.each<[string, Partial<FetchRequest>, Partial<SharedValue>]>([
    ['it does not concern what he got', {}, {}],
    ['he knew of it no earlier than the look', { since: 0 }, LATE],
  ])('is content when %s', async (_words, parts, found) => {
    const { world, second } = await joined(parts);
    await world.find(found);
    expect(await second).toMatchObject({ entry: { value: 'theirs' } });
    expect(world.asked).toBe(1);
  });

  it('is content with nothing', async () => {
    const { world, second } = await joined();
    world.tier.answer({ found: undefined, mark: MARK }, ASKED);
    expect(await second).toMatchObject({ entry: undefined, mark: MARK });
    expect(world.asked).toBe(1);
  });
});

describe('A look finds', () => {
  it.each<[string, Partial<SharedValue> | undefined, (world: FetchWorld) => void]>([
    ['nothing', undefined, () => undefined],
    ['what is over', { freshUntil: 10_000 }, () => undefined],
    ['what is owed to be ended', {}, ({ journal }) => void journal.owe({ kind: 'tag', tag: 't' })],
  ])('no answer in %s, but what lies there', async (_words, found, meanwhile) => {
    const world = new FetchWorld();
    const look = world.fetch();
    meanwhile(world);
    world.tier.answer({ found: found && { ...THEIRS, ...found }, mark: MARK }, ASKED);
    expect(await look).toEqual({ entry: undefined, tier: 'stub', mark: MARK, isOver: false });
    expect(world.near.entries).toBe(0);
  });

  it('nothing where it fails, which is told', async () => {
    const world = new FetchWorld();
    const look = world.fetch();
    world.tier.fail(new Error('no answer'), ASKED);
    expect(await look).toMatchObject({ entry: undefined, mark: undefined });
    expect(world.faults).toEqual(['redis read: no answer']);
    void world.fetch();
    expect(world.asked).toBe(2);
  });

  it('what lies farther away only when nothing lies nearer', async () => {
    const far = new StubFarTier();
    const world = new FetchWorld({ tiers: [far] });
    const look = world.fetch({ reach: 'farthest' });
    await world.find();
    expect(await look).toMatchObject({ tier: 'stub', entry: { value: 'theirs' } });
    expect(far.said).toEqual([]);
  });

  it('what lies farther away, by its tier', async () => {
    const far = new StubFarTier();
    const world = new FetchWorld({ tiers: [far] });
    far.kept.set('name of k', Buffer.from('copy'));
    world.voucher.say('copy', { value: () => Promise.resolve({ ...THEIRS, value: 'copied' }) });
    const look = world.fetch({ reach: 'farthest' });
    world.tier.answer({ found: undefined, mark: MARK }, ASKED);
    expect(await look).toMatchObject({ tier: 'far', entry: { value: 'copied' } });
    expect(world.voucher.requests).toEqual([{ key: 'k', tags: ['t'], type: undefined }]);
  });

  it('what was tried in vain not long ago, and when that is to be tried again', async () => {
    const world = new FetchWorld();
    world.retryTimes.note('k', 12_000);
    const look = world.fetch();
    await world.find();
    expect((await look).entry?.retryAt).toBe(12_000);
  });
});

describe('What a look finds is taken into memory', () => {
  it.each<[string, string, (near: NearTier) => void]>([
    ['in place of what was there', 'theirs', () => undefined],
    ['when what was there has gone meanwhile', 'theirs', (near) => near.delete('k')],
    [
      'unless something was stored there meanwhile',
      'newer',
      (near) => near.set(entryOf({ value: 'newer', born: 10_000, freshUntil: 20_000 })),
    ],
  ])('%s', async (_words, value, meanwhile) => {
    const world = new FetchWorld();
    world.near.set(entryOf({ value: 'before' }));
    const look = world.fetch();
    meanwhile(world.near);
    await world.find();
    await look;
    expect(world.near.get('k')).toMatchObject({ value });
  });

  it('unless something was stored where there was nothing', async () => {
    const world = new FetchWorld();
    const look = world.fetch();
    world.near.set(entryOf({ value: 'newer' }));
    await world.find();
    await look;
    expect(world.near.get('k')).toMatchObject({ value: 'newer' });
  });

  it('or is an answer all the same, when memory fails, which is told', async () => {
    const world = new FetchWorld();
    world.near.set = () => {
      throw new Error('no room');
    };
    const look = world.fetch();
    await world.find();
    expect(await look).toMatchObject({ entry: { value: 'theirs' } });
    expect(world.faults).toEqual(['store: no room']);
  });
});
