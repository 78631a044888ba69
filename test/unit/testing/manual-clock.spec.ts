import { describe, expect, it } from '@jest/globals';
import fc from '../../support/properties.js';
import { ManualClock } from '../../../lib/testing/manual-clock.js';

/** Writes down when each task ran. */
const logged = (clock: ManualClock): { log: string[]; task: (name: string) => () => void } => {
  const log: string[] = [];
  return { log, task: (name) => () => void log.push(`${name} at ${clock.now()}`) };
};

describe('A manual clock', () => {
  it('stands still until it is advanced, and starts where it is told to', async () => {
    const clock = new ManualClock(1_000);
    expect([new ManualClock().now(), clock.now(), clock.now()]).toEqual([0, 1_000, 1_000]);
    await clock.advance(5);
    expect(clock.now()).toBe(1_005);
    await clock.advance(0.25);
    expect(clock.now()).toBe(1_005.25);
    await clock.advance(0);
    expect(clock.now()).toBe(1_005.25);
  });

  it('runs what falls due in its order, each at its own instant, and at the same instant in the order of asking', async () => {
    const clock = new ManualClock(100);
    const { log, task } = logged(clock);
    clock.after(30, task('late'));
    clock.after(10, task('early'));
    clock.after(20, task('first'));
    clock.after(20, task('second'));
    clock.after(31, task('never'));
    await clock.advance(30);
    expect(log).toEqual(['early at 110', 'first at 120', 'second at 120', 'late at 130']);
    expect([clock.now(), clock.pending]).toEqual([130, 1]);
  });

  it('runs what falls due at once only when it is advanced', async () => {
    const clock = new ManualClock();
    const { log, task } = logged(clock);
    clock.after(0, task('now'));
    expect(log).toEqual([]);
    await clock.advance(0);
    expect(log).toEqual(['now at 0']);
  });

  it('runs what a task asks for, when that falls due within the advance', async () => {
    const clock = new ManualClock();
    const { log, task } = logged(clock);
    clock.after(10, () => {
      task('outer')();
      clock.after(5, task('inner'));
      clock.after(50, task('later'));
    });
    await clock.advance(20);
    expect(log).toEqual(['outer at 10', 'inner at 15']);
    await clock.advance(40);
    expect(log).toEqual(['outer at 10', 'inner at 15', 'later at 60']);
  });

  it('runs a task once, and none that was called off, also late or twice', async () => {
    const clock = new ManualClock();
    const { log, task } = logged(clock);
    const kept = clock.after(5, task('kept'));
    const cancel = clock.after(5, task('called off'));
    expect(clock.pending).toBe(2);
    cancel();
    cancel();
    expect(clock.pending).toBe(1);
    await clock.advance(100);
    kept();
    await clock.advance(100);
    expect(log).toEqual(['kept at 5']);
    expect(clock.pending).toBe(0);
  });

  it('lets a task call off another of the same instant', async () => {
    const clock = new ManualClock();
    const { log, task } = logged(clock);
    clock.after(5, () => cancel());
    const cancel = clock.after(5, task('called off'));
    await clock.advance(10);
    expect(log).toEqual([]);
  });

  it('lets promises settle before, between and after what falls due', async () => {
    const clock = new ManualClock();
    const { log, task } = logged(clock);
    const soon = async (name: string): Promise<void> => {
      for (let turn = 0; turn < 20; turn++) await Promise.resolve();
      task(name)();
    };
    const work = [soon('before')];
    clock.after(5, () => void work.push(soon('between')));
    clock.after(6, () => {
      task('task')();
      work.push(soon('after'));
    });
    await clock.advance(6);
    expect(log).toEqual(['before at 0', 'between at 5', 'task at 6', 'after at 6']);
    await Promise.all(work);
  });

  it('runs everything in order of its time, whatever the steps', async () => {
    const delays = fc.array(fc.nat(50), { maxLength: 12 });
    const steps = fc.array(fc.nat(20), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(delays, steps, async (asked, advances) => {
        const clock = new ManualClock();
        const ran: [due: number, at: number][] = [];
        for (const ms of asked) clock.after(ms, () => ran.push([ms, clock.now()]));
        for (const ms of advances) await clock.advance(ms);
        const end = advances.reduce((sum, ms) => sum + ms, 0);
        const due = asked.filter((ms) => ms <= end).sort((a, b) => a - b);
        expect(ran).toEqual(due.map((ms) => [ms, ms]));
        expect([clock.now(), clock.pending]).toEqual([end, asked.length - due.length]);
      }),
      { numRuns: 200 },
    );
  });
});

describe('Advances of a manual clock that overlap', () => {
  it('run one after the other', async () => {
    const clock = new ManualClock();
    const { log, task } = logged(clock);
    for (const ms of [5, 15, 25, 35]) clock.after(ms, task('task'));
    const ends = [10, 10, 10].map((ms) => clock.advance(ms).then(() => clock.now()));
    expect(clock.now()).toBe(0);
    // What follows an advance may run after the next has begun, but never before its own end.
    const [first, second, third] = await Promise.all(ends);
    expect(first).toBeGreaterThanOrEqual(10);
    expect(second).toBeGreaterThanOrEqual(20);
    expect(third).toBe(30);
    expect(log).toEqual(['task at 5', 'task at 15', 'task at 25']);
  });

  it('are as one that is as long as all of them', async () => {
    const clock = new ManualClock();
    const { log, task } = logged(clock);
    clock.after(10, () => {
      task('outer')();
      clock.after(10, task('inner'));
    });
    await Promise.all([clock.advance(10), clock.advance(5), clock.advance(5)]);
    expect(log).toEqual(['outer at 10', 'inner at 20']);
    expect(clock.now()).toBe(20);
  });

  it('may be asked for by a task, and follow the one that is under way', async () => {
    const clock = new ManualClock();
    const { log, task } = logged(clock);
    let inner: Promise<void> | undefined;
    clock.after(5, () => {
      inner = clock.advance(10);
    });
    clock.after(8, task('within'));
    clock.after(18, task('beyond'));
    await clock.advance(10);
    await inner;
    expect(log).toEqual(['within at 8', 'beyond at 18']);
    expect(clock.now()).toBe(20);
  });
});

describe('An advance of a manual clock that cannot be', () => {
  it.each([-1, -0.001, Number.NaN, Number.NEGATIVE_INFINITY, undefined as unknown as number])(
    'by %p is refused by a rejection, and leaves the clock as it was',
    async (ms) => {
      const clock = new ManualClock(100);
      const { log, task } = logged(clock);
      clock.after(5, task('task'));
      const refused = clock.advance(ms);
      await expect(refused).rejects.toThrow(RangeError);
      await expect(refused).rejects.toThrow(String(ms));
      expect([clock.now(), clock.pending]).toEqual([100, 1]);
      await clock.advance(5);
      expect(log).toEqual(['task at 105']);
    },
  );

  it('is told of what a task threw', async () => {
    const clock = new ManualClock();
    clock.after(5, () => {
      throw new Error('fault');
    });
    await expect(clock.advance(10)).rejects.toThrow('fault');
    expect(clock.pending).toBe(0);
  });

  it('because a task threw does not keep later ones from running what falls due', async () => {
    const clock = new ManualClock();
    const { log, task } = logged(clock);
    clock.after(5, () => {
      throw new Error('fault');
    });
    clock.after(8, task('task'));
    await expect(clock.advance(6)).rejects.toThrow('fault');
    await clock.advance(10);
    expect(log).toEqual(['task at 8']);
  });
});
