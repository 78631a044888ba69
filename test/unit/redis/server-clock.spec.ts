import { describe, expect, it } from '@jest/globals';
import { ServerClock } from '../../../lib/redis/server-clock.js';

const SERVER = 1_763_000_000_000;

describe('What the clock of the server shows', () => {
  it('is not known before it was read', () => {
    const clock = new ServerClock();
    expect(clock.knows('a')).toBe(false);
    clock.note('a', SERVER, { sentAt: 0, receivedAt: 60_000 });
    expect([clock.knows('a'), clock.knows('b')]).toEqual([true, false]);
  });

  it('is taken to be read in the middle of the round trip', () => {
    const clock = new ServerClock();
    clock.note('a', SERVER, { sentAt: 100, receivedAt: 140 });
    expect([clock.toLocal(SERVER), clock.toServer(120)]).toEqual([120, SERVER]);
    expect(clock.toLocal(clock.toServer(77))).toBe(77);
  });

  it('is told from the shortest round trip', () => {
    const clock = new ServerClock();
    clock.note('a', SERVER, { sentAt: 0, receivedAt: 10 });
    clock.note('a', SERVER + 1_000, { sentAt: 1_000, receivedAt: 1_400 });
    expect(clock.toLocal(SERVER)).toBe(5);
    clock.note('a', SERVER + 2_000, { sentAt: 2_000, receivedAt: 2_002 });
    expect(clock.toLocal(SERVER)).toBe(1);
  });

  it('is less certain as time goes by, until a longer round trip is the better one', () => {
    const clock = new ServerClock();
    clock.note('a', SERVER, { sentAt: 0, receivedAt: 0 });
    clock.note('a', SERVER + 99_900, { sentAt: 99_958, receivedAt: 100_000 });
    expect(clock.toLocal(SERVER)).toBe(0);
    clock.note('a', SERVER + 99_900, { sentAt: 99_962, receivedAt: 100_000 });
    expect(clock.toLocal(SERVER)).toBe(81);
  });

  it('is another’s when another server answers, however long that took', () => {
    const clock = new ServerClock();
    clock.note('a', SERVER, { sentAt: 0, receivedAt: 0 });
    clock.note('b', SERVER + 60_000, { sentAt: 0, receivedAt: 1_000 });
    expect(clock.toLocal(SERVER + 60_000)).toBe(500);
  });

  it('may be behind ours', () => {
    const clock = new ServerClock();
    clock.note('a', 1_000, { sentAt: 5_000, receivedAt: 5_000 });
    expect([clock.toLocal(1_000), clock.toServer(5_001)]).toEqual([5_000, 1_001]);
  });
});
