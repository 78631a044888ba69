import { describe, expect, it } from '@jest/globals';
import { Ledger } from '../../../lib/coherence/ledger.js';
import { BoundRead, type BoundCall } from '../../../lib/engine/bound-read.js';
import { Bypass } from '../../../lib/engine/bypass.js';
import type { Answered, Call } from '../../../lib/engine/call.js';
import type { ReadThrough } from '../../../lib/engine/read-through.js';
import type { Shortcut } from '../../../lib/engine/shortcuts.js';
import { composeObservers } from '../../../lib/core/observer.js';
import { createLayerCache, type CachePolicyOptions, type LayerCacheOptions } from '../../../lib/index.js';
import { Reporter } from '../../../lib/observe/reporter.js';
import { DEFAULT_POLICY } from '../../../lib/policy/resolve-policy.js';
import { ManualClock, RecordingObserver } from '../../../lib/testing/index.js';
import { MemoryTier } from '../../../lib/tiers/memory.tier.js';
import { settle, Source } from '../../support/source.js';
import { entryOf } from './sharing-world.js';

/** The calls of a function `f`, and how they were answered. */
function boundTo(options: LayerCacheOptions = {}, policy: CachePolicyOptions = { ttl: '1m' }) {
  const [clock, heard, source] = [new ManualClock(10_000), new RecordingObserver(), new Source<unknown>()];
  const cache = createLayerCache({ jitter: 0, observers: [heard], ...options }, { clock });
  const reads = cache.bind('f', policy);
  const answers: Answered[] = [];
  const call: BoundCall = {
    ...{ key: 'f(1)', args: [1], load: source.load, runUncached: () => 'uncached', policy: () => reads.policy },
    onAnswered: (answered) => void answers.push(answered),
  };
  const read = (): Promise<unknown> => Promise.resolve(reads.read(call));
  return { clock, heard, source, cache, reads, read, answers };
}

describe('Whoever asks how a call was answered is told', () => {
  it('that a load was stored, and then that memory had it', async () => {
    const { read, source, answers } = boundTo();
    const first = read();
    source.answer('v');
    await first;
    expect(answers).toMatchObject([{ by: 'stored-load', entry: { value: 'v' } }]);
    await read();
    expect(answers[1]).toEqual({ by: 'tier', entry: answers[0]?.entry });
  });

  it('that a load was not stored', async () => {
    const { read, source, answers } = boundTo();
    const first = read();
    source.contexts[0]?.skip();
    source.answer('v');
    await first;
    expect(answers).toMatchObject([{ by: 'unstored-load', entry: { value: 'v', freshUntil: 10_000 } }]);
  });

  it('how old the value is, and for how long it is fresh', async () => {
    const { read, source, reads, clock, answers } = boundTo({}, { ttl: 1_000, staleWhileRevalidate: '1m' });
    const first = read();
    source.answer('v');
    await first;
    const [answered] = answers;
    if (answered === undefined) throw new Error('nobody was told');
    expect(reads.standingOf(answered.entry)).toEqual({ age: 0, ttl: 1_000 });
    await clock.advance(400.5);
    expect(reads.standingOf(answered.entry)).toEqual({ age: 400, ttl: 600 });
    await clock.advance(1_000);
    expect(reads.standingOf(answered.entry)).toEqual({ age: 1_400, ttl: -400 });
  });
});

describe('A call of a function', () => {
  it('runs as if there were no cache where it is switched off, which is told', async () => {
    const { read, reads, heard, source, answers } = boundTo({ enabled: false });
    expect([reads.isEnabled, reads.hit(1), await read()]).toEqual([false, undefined, 'uncached']);
    expect(heard.of('bypass')).toEqual([['f(1)', 'disabled']]);
    expect([source.loads, answers]).toEqual([0, []]);
  });

  it('may tell of what failed, by whatever name', () => {
    const { reads, heard } = boundTo();
    const error = new Error('no tags');
    reads.report('tags', error);
    expect(heard.of('error')).toEqual([['tags', error]]);
  });
});

describe('Memory answers a call by itself', () => {
  /** A read of an entry that is fresh until 20,000, in a process that has heard of everything until `until`. */
  function read(until: number) {
    const [clock, near, heard] = [
      new ManualClock(10_000),
      new MemoryTier({ max: 10, maxBytes: undefined }),
      new RecordingObserver(),
    ];
    const ledger = new Ledger(near, () => undefined);
    const reporter = new Reporter(
      composeObservers('c', [heard], () => undefined),
      near,
    );
    const entry = entryOf({ key: 'f(1)', born: 9_000, freshUntil: 20_000, quietUntil: 20_000 });
    ledger.admitNew(entry);
    const slow: Call[] = [];
    const readThrough = { read: (call: Call) => Promise.resolve(slow.push(call)) } as unknown as ReadThrough;
    const shortcut: Shortcut = new Map([[1, entry]]);
    const parts = { clock, near, ledger, trust: { until }, reporter, readThrough, bypass: new Bypass(reporter) };
    const reads = new BoundRead(DEFAULT_POLICY, shortcut, { ...parts, scope: undefined, enabled: true });
    const load = (): string => 'loaded';
    const call: BoundCall = { key: 'f(1)', args: [1], load, runUncached: load, policy: () => DEFAULT_POLICY };
    return { entry, reads, call, slow };
  }

  it('as long as everything was heard', async () => {
    const { entry, reads, call, slow } = read(10_001);
    expect([reads.hit(1), await reads.read(call), slow]).toEqual([entry, 'v', []]);
  });

  it('and not from then on', async () => {
    const { reads, call, slow } = read(10_000);
    expect(reads.hit(1)).toBeUndefined();
    void reads.read(call);
    await settle();
    expect(slow.map(({ key, name }) => [key, name])).toEqual([['f(1)', 'f(1)']]);
  });
});
