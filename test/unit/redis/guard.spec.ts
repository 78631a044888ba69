import { describe, expect, it } from '@jest/globals';
import { Guard, RedisUnavailableError } from '../../../lib/redis/guard.js';
import { ManualClock } from '../../../lib/testing/index.js';
import { stateOf } from '../../support/source.js';
import { StubLink } from './stub-link.js';

const LIMIT = 250;
const CALL = { script: 'renew', keys: [], args: [] } as const;

function guarded() {
  const link = new StubLink();
  const clock = new ManualClock();
  const guard = new Guard({ link, clock, limit: LIMIT });
  /** Nothing is answered until a limit is over, and what has arrived by then was handled. */
  const beSilent = async (): Promise<void> => {
    await clock.advance(LIMIT);
    link.arrive();
  };
  return { link, clock, guard, beSilent };
}

function opened() {
  const made = guarded();
  made.guard.pass(1);
  return made;
}

describe('A guard', () => {
  it('sends nothing but probes to a server that has not passed', async () => {
    const { link, guard } = guarded();
    await expect(guard.mget(['k'])).rejects.toThrow(RedisUnavailableError);
    await expect(guard.run(CALL)).rejects.toThrow('Redis cannot be reached now');
    expect([guard.isOpen, link.asked]).toEqual([false, []]);
    const probed = guard.probe.run(CALL);
    link.pending[0]?.answer('reply');
    expect(await probed).toBe('reply');
  });

  it('sends all to one that has, until there is another connection', async () => {
    const { link, guard } = opened();
    const read = guard.mget(['k']);
    link.pending[0]?.answer([null]);
    expect(await read).toEqual([null]);
    link.connection = 2;
    expect(guard.isOpen).toBe(false);
    await expect(guard.run(CALL)).rejects.toThrow(RedisUnavailableError);
    guard.pass(1);
    expect(guard.isOpen).toBe(false);
    guard.pass(2);
    expect(guard.isOpen).toBe(true);
  });

  it('asks nobody where there is no connection', async () => {
    const { link, guard } = opened();
    link.connection = undefined;
    await expect(guard.probe.mget(['k'])).rejects.toThrow(RedisUnavailableError);
    await expect(guard.mget(['k'])).rejects.toThrow(RedisUnavailableError);
    expect(link.asked).toEqual([]);
  });

  it.each([2, undefined])('does not count an answer when the connection is %s by then', async (connection) => {
    const { link, guard } = opened();
    const asked = [guard.mget(['k']), guard.probe.run(CALL)];
    link.connection = connection;
    for (const one of link.pending) one.answer('late');
    for (const one of asked) await expect(one).rejects.toThrow('broke before the answer counted');
  });

  it('hands on what Redis complains of', async () => {
    const { link, guard } = opened();
    const asked = guard.run(CALL);
    link.pending[0]?.fail(new Error('OOM'));
    await expect(asked).rejects.toThrow('OOM');
  });

  it('waits so long and no longer, each from when it asked', async () => {
    const { link, clock, guard } = opened();
    const first = guard.mget(['a']);
    await clock.advance(100);
    const second = guard.mget(['b']);
    second.catch(() => undefined);
    await clock.advance(LIMIT - 100);
    expect(await stateOf(first)).toBe('pending');
    link.arrive();
    await expect(first).rejects.toThrow('Redis did not answer within 250 ms');
    expect(await stateOf(second)).toBe('pending');
    await clock.advance(100);
    link.arrive();
    await expect(second).rejects.toThrow('Redis did not answer within 250 ms');
    expect(clock.pending).toBe(0);
  });

  it('takes no pause of the process for a silence of Redis', async () => {
    const { link, clock, guard } = opened();
    const asked = Array.from({ length: 10 }, () => guard.mget(['k']));
    await clock.advance(60_000);
    // All answers had arrived, and are handled before it looks who is late.
    for (const one of link.pending) one.answer([null]);
    await Promise.all(asked);
    link.arrive();
    expect(guard.isOpen).toBe(true);
  });

  it('has no timer left when all is answered', async () => {
    const { link, clock, guard } = opened();
    const asked = guard.mget(['k']);
    link.pending[0]?.answer([null]);
    await asked;
    await clock.advance(LIMIT);
    link.arrive();
    expect(clock.pending).toBe(0);
  });

  it('gives up what is open when it is closed', async () => {
    const { clock, guard } = opened();
    const asked = guard.mget(['k']);
    guard.close();
    await expect(asked).rejects.toThrow(RedisUnavailableError);
    expect(clock.pending).toBe(0);
  });
});

describe('A guard before a silent server', () => {
  async function silent(times: number) {
    const made = opened();
    for (let time = 0; time < times; time++) {
      for (let number = 0; number < 50; number++) made.guard.mget(['k']).catch(() => undefined);
      await made.beSilent();
    }
    return made;
  }

  it('takes many commands that are due at once for one silence', async () => {
    expect((await silent(2)).guard.isOpen).toBe(true);
    expect((await silent(3)).guard.isOpen).toBe(false);
  });

  it('begins to count anew with each answer', async () => {
    const { link, guard, beSilent } = await silent(2);
    const asked = guard.mget(['k']);
    link.pending.at(-1)?.answer([null]);
    await asked;
    for (let time = 0; time < 2; time++) {
      guard.mget(['k']).catch(() => undefined);
      await beSilent();
    }
    expect(guard.isOpen).toBe(true);
  });

  it('lets others through again when a probe is answered', async () => {
    const { link, guard } = await silent(3);
    const sent = link.asked.length;
    await expect(guard.mget(['k'])).rejects.toThrow('Redis cannot be reached now');
    expect(link.asked).toHaveLength(sent);
    const probed = guard.probe.run(CALL);
    link.pending.at(-1)?.answer(1);
    await probed;
    expect(guard.isOpen).toBe(true);
  });
});
