import { describe, expect, it } from '@jest/globals';
import { Ledger } from '../../../lib/coherence/ledger.js';
import type { Message } from '../../../lib/coherence/message-codec.js';
import { Stream } from '../../../lib/coherence/stream.js';
import { type BucketTrust, Trust } from '../../../lib/coherence/trust.js';
import { Guard } from '../../../lib/redis/guard.js';
import { BucketKeys } from '../../../lib/redis/keys.js';
import { ServerClock } from '../../../lib/redis/server-clock.js';
import { SharedScripts } from '../../../lib/redis/shared-scripts.js';
import { Watch } from '../../../lib/redis/watch.js';
import { ManualClock } from '../../../lib/testing/index.js';
import { NoMemoryTier } from '../../../lib/tiers/no-memory.tier.js';
import { ModelledRedis } from '../../simulation/modelled-redis.js';
import { type Asked, ModelledLink } from '../../support/modelled-link.js';

const BOUND = 3_000;
const BEAT: readonly Asked[] = ['fence', 'heartbeat'];
const SID = `${'1'.repeat(16)}-${'a'.repeat(15)}`;

function world() {
  const clock = new ManualClock(1_000);
  let micros = 0;
  const server = new ModelledRedis({
    time: () => Math.max(++micros, (clock.now() + 1e12) * 1_000),
    runId: `${'a'.repeat(40)}:${'b'.repeat(40)}`,
  });
  const link = new ModelledLink(server);
  const ledger = new Ledger(new NoMemoryTier(), () => undefined, { knows: 'what it hears' });
  const { buckets } = new Trust({ ledger, bound: BOUND, detachedTtl: 60_000, bucketOf: () => 0, buckets: 1 });
  const [trust] = buckets as [BucketTrust];
  const guard = new Guard({ link, clock, limit: 250 });
  const keys = new BucketKeys({ prefix: 'shop', cache: 'default', bucket: 0, audience: '0' });
  let nonces = 0;
  const scripts = new SharedScripts(guard.probe, keys, () => String(nonces++).padStart(15, 'n'));
  const told = { reached: 0, returns: 0, errors: [] as string[], messages: [] as Message[] };
  const nothing = (): void => undefined;
  const stream = new Stream(BOUND, { apply: nothing, lost: nothing, doubt: nothing, deaf: nothing });
  const watch = new Watch({
    ...{ link, guard, clock, trust, stream, scripts, bound: BOUND, serverClock: new ServerClock() },
    channels: [keys.invalidations, keys.wakes],
    onMessage: (message) => told.messages.push(message),
    onReturn: () => void told.returns++,
    onReached: () => void told.reached++,
    onError: (during, error) => told.errors.push(`${during}: ${(error as Error).message}`),
  });
  return { clock, server, link, trust, guard, scripts, stream, watch, told };
}

/** One whose first beats are over. */
async function watching() {
  const made = world();
  await made.watch.open();
  await made.clock.advance(0);
  made.link.asked.length = 0;
  return made;
}

describe('A watch', () => {
  it('lets a new connection pass the fence, and trusts it', async () => {
    const { clock, watch, guard, trust, told, stream } = world();
    expect(guard.isOpen).toBe(false);
    await watch.open();
    await clock.advance(0);
    expect([guard.isOpen, trust.isReachable(1_000), told.reached > 0]).toEqual([true, true, true]);
    expect([trust.until, stream.until]).toEqual([1_000 + BOUND, 1_000 + BOUND]);
  });

  it('beats three times in a bound, by fence and heartbeat in this order', async () => {
    const { clock, link, trust } = await watching();
    await clock.advance(BOUND);
    expect(link.asked).toEqual([...BEAT, ...BEAT, ...BEAT]);
    expect(trust.until).toBe(clock.now() + BOUND);
  });

  it('asks at once when it is told to, once more if it is told meanwhile, and not more often', async () => {
    const { clock, link, watch } = await watching();
    for (let time = 0; time < 5; time++) watch.beat();
    await clock.advance(0);
    expect(link.asked).toEqual([...BEAT, ...BEAT]);
  });

  it('cannot be kept at it by nonsense', async () => {
    const { clock, link, watch } = await watching();
    for (let ms = 0; ms < 500; ms++) {
      for (let time = 0; time < 3; time++) watch.doubt();
      await clock.advance(1);
    }
    expect(link.asked.length / 2).toBeGreaterThan(2);
    expect(link.asked.length / 2).toBeLessThanOrEqual(11);
  });

  it('makes a deaf connection anew once in a bound', async () => {
    const { clock, link, watch } = await watching();
    for (let ms = 0; ms < 2 * BOUND; ms += 100) {
      watch.resubscribe();
      await clock.advance(100);
    }
    expect(link.renewed.channel).toBe(2);
  });

  it('breaks a connection on which nothing has come for a bound', async () => {
    const { clock, link, trust, guard } = await watching();
    link.hold('replies');
    await clock.advance(BOUND - 100);
    expect(link.renewed.data).toBe(0);
    await clock.advance(600);
    expect(link.renewed.data).toBe(1);
    await clock.advance(100);
    expect([guard.isOpen, trust.isReachable(clock.now())]).toEqual([true, true]);
  });

  it.each([
    'READONLY You can’t write against a read only replica.',
    'NOREPLICAS Not enough good replicas',
    'CLUSTERDOWN',
    'LOADING',
  ])('ends its trust at once when Redis says %s', async (refusal) => {
    const { clock, server, trust, told } = await watching();
    server.refusal = refusal;
    await clock.advance(BOUND / 3);
    expect([trust.isReachable(clock.now()), trust.until <= clock.now()]).toEqual([false, true]);
    await clock.advance(500);
    expect(told.errors).toHaveLength(1);
    server.refusal = undefined;
    await clock.advance(60);
    expect([trust.isReachable(clock.now()), trust.until > clock.now()]).toEqual([true, true]);
    server.refusal = refusal;
    await clock.advance(BOUND / 3);
    expect(told.errors).toHaveLength(2);
  });

  it.each(['OOM command not allowed', 'MISCONF Redis is configured to save'])(
    'trusts a server on that is the right one and says %s',
    async (complaint) => {
      const { clock, link, trust, told } = await watching();
      for (let time = 0; time < 6; time++) {
        link.failNext(complaint, 'heartbeat');
        await clock.advance(BOUND / 3);
      }
      expect(trust.until).toBe(clock.now() + BOUND);
      expect(told.errors).toEqual([]);
    },
  );

  it('asks soon again when it was told anything else', async () => {
    const { clock, link, told, trust } = await watching();
    link.failNext('ERR something', 'fence');
    await clock.advance(BOUND / 3);
    link.asked.length = 0;
    await clock.advance(50);
    expect(link.asked).toEqual(BEAT);
    expect(told.errors).toEqual([expect.stringContaining('ERR something')]);
    expect(trust.isReachable(clock.now())).toBe(true);
  });

  it('takes no answer for one of the connection that came after it', async () => {
    const { clock, link, guard, trust } = await watching();
    await clock.advance(BOUND / 3 - 1);
    link.hold('replies');
    await clock.advance(1);
    const { until } = trust;
    link.cut('data');
    link.loseHeld();
    await clock.advance(10);
    expect([guard.isOpen, trust.until, trust.isReachable(clock.now())]).toEqual([false, until, false]);
    link.restore();
    await clock.advance(300);
    expect([guard.isOpen, trust.isReachable(clock.now())]).toEqual([true, true]);
  });

  it('hands on what is published in its channels, whatever it is, and nothing else', async () => {
    const { clock, link, told } = await watching();
    link.say(`1|k|${SID}|7|${'n'.repeat(15)}|k:key`);
    link.say('1|w|stored|k:key', 'wake');
    link.say('rubbish');
    link.say(`1|k|${SID}|7|${'n'.repeat(15)}|k:key`, 'elsewhere');
    await clock.advance(0);
    expect(told.messages.map(({ kind }) => kind)).toEqual(['key', 'wake', 'unknown']);
  });

  it('is over when it is closed', async () => {
    const { clock, link, watch } = await watching();
    watch.beat();
    watch.close();
    await clock.advance(0);
    link.asked.length = 0;
    watch.beat();
    watch.doubt();
    await clock.advance(2 * BOUND);
    expect([link.asked, clock.pending]).toEqual([[], 0]);
  });
});
