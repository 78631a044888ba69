import { describe, expect, it } from '@jest/globals';
import { Joining } from '../../../lib/engine/joining.js';
import { ManualClock } from '../../../lib/testing/index.js';
import { settle, stateOf } from '../../support/source.js';

class World {
  readonly clock = new ManualClock();
  readonly warnings: string[] = [];
  opened = 0;
  closed = 0;
  fail: (error: unknown) => void = () => undefined;
  readonly joining = new Joining(
    {
      open: () => {
        this.opened++;
        return new Promise<void>((_resolve, reject) => {
          this.fail = reject;
        });
      },
      close: () => {
        this.closed++;
        return Promise.resolve();
      },
    },
    this.clock,
    (message) => void this.warnings.push(message),
  );
}

const LATE =
  'Redis could not be reached within 1000 ms of the start. The cache works in this process alone, and joins the others when ' +
  'Redis is there.';

describe('A process that joins the others', () => {
  it('is ready when Redis was reached, and then says nothing', async () => {
    const world = new World();
    const ready = world.joining.ready();
    expect(world.joining.begin()).toBe(world.joining.begin());
    expect(await stateOf(ready)).toBe('pending');
    world.joining.joined();
    expect(await stateOf(ready)).toBe('fulfilled');
    await world.clock.advance(2_000);
    expect([world.opened, world.warnings]).toEqual([1, []]);
  });

  it('is ready after a second all the same, and says so', async () => {
    const world = new World();
    const ready = world.joining.ready();
    await world.clock.advance(999);
    expect([await stateOf(ready), world.warnings]).toEqual(['pending', []]);
    await world.clock.advance(1);
    expect([await stateOf(ready), world.warnings]).toEqual(['fulfilled', [LATE]]);
  });

  it('is told at once where no waiting can help, and so is whoever listens', async () => {
    const world = new World();
    const ready = world.joining.ready();
    const fault = new Error('no such user');
    world.fail(fault);
    await expect(ready).rejects.toBe(fault);
    await world.clock.advance(2_000);
    expect(world.warnings).toEqual(['Redis is not used: no such user']);
  });

  it('leaves no rejection to nobody, though nobody asks whether it is ready', async () => {
    const world = new World();
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', note);
    void world.joining.ready();
    world.fail(new Error('no such user'));
    await settle();
    await settle();
    process.off('unhandledRejection', note);
    expect([unhandled, world.warnings]).toEqual([[], ['Redis is not used: no such user']]);
  });

  it('parts from them, and waits no more', async () => {
    const world = new World();
    const ready = world.joining.ready();
    await world.joining.close();
    expect([await stateOf(ready), world.closed]).toEqual(['fulfilled', 1]);
    await world.clock.advance(2_000);
    expect(world.warnings).toEqual([]);
  });

  it('does not begin once it was closed, and has nothing to part from', async () => {
    const world = new World();
    await world.joining.close();
    await world.joining.ready();
    await settle();
    expect([world.opened, world.closed]).toEqual([0, 0]);
  });
});
