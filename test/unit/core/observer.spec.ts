import { describe, expect, it } from '@jest/globals';
import { CACHE_EVENTS, type CacheObserver, type Events, composeObservers } from '../../../lib/core/observer.js';
import { RecordingObserver } from '../../../lib/testing/recording.observer.js';

const listening = (observers: readonly CacheObserver[]): { events: Events; warnings: string[] } => {
  const warnings: string[] = [];
  return { events: composeObservers('shop', observers, (message) => warnings.push(message)), warnings };
};

/** What was returned by observers has been looked at by then. */
const settled = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

describe('Events', () => {
  it('are all undefined when nobody listens', () => {
    const { events } = listening([]);
    expect(Object.keys(events).sort()).toEqual([...CACHE_EVENTS].sort());
    for (const event of CACHE_EVENTS) expect(events[event]).toBeUndefined();
  });

  it('are undefined but for those that somebody listens to', () => {
    const { events } = listening([{ hit: () => undefined }, { miss: () => undefined }, {}]);
    const heard = CACHE_EVENTS.filter((event) => events[event] !== undefined);
    expect(heard).toEqual(['hit', 'miss']);
  });

  it('cannot be changed afterwards', () => {
    expect(Object.isFrozen(listening([]).events)).toBe(true);
  });

  it('tell each observer the name of the cache and then the rest', () => {
    const recorder = new RecordingObserver();
    const { events } = listening([recorder]);
    events.hit?.('k', 'memory');
    events.load?.('k', 12, 'stored');
    events.invalidate?.('tag', ['a', 'b']);
    expect(recorder.events).toEqual([
      { name: 'hit', args: ['shop', 'k', 'memory'] },
      { name: 'load', args: ['shop', 'k', 12, 'stored'] },
      { name: 'invalidate', args: ['shop', 'tag', ['a', 'b']] },
    ]);
  });

  it.each(CACHE_EVENTS)('reach an observer of %s', (event) => {
    const recorder = new RecordingObserver();
    const tell = listening([recorder]).events[event] as (...args: unknown[]) => void;
    tell('x', 'y');
    expect(recorder.events).toEqual([{ name: event, args: ['shop', 'x', 'y'] }]);
  });

  it('reach every observer in the order of registration', () => {
    const told: string[] = [];
    const { events } = listening([
      { miss: () => told.push('first') },
      { hit: () => told.push('never') },
      { miss: () => told.push('second') },
    ]);
    events.miss?.('k');
    expect(told).toEqual(['first', 'second']);
  });

  it('call a method as a method of its observer', () => {
    class Counter implements CacheObserver {
      misses = 0;
      miss(): void {
        this.misses++;
      }
    }
    const counter = new Counter();
    const { events, warnings } = listening([counter]);
    events.miss?.('k');
    events.miss?.('k');
    expect(counter.misses).toBe(2);
    expect(warnings).toEqual([]);
  });
});

describe('A faulty observer', () => {
  const { proxy: revoked, revoke } = Proxy.revocable({}, {});
  revoke();
  const thrown: readonly [string, unknown][] = [
    ['an error', new Error('boom')],
    ['undefined', undefined],
    ['null', null],
    ['a text', 'boom'],
    ['a symbol', Symbol('boom')],
    ['an object without prototype', Object.create(null)],
    ['an error whose message is no text', Object.assign(new Error('x'), { message: { nested: true } })],
    [
      'an error whose message cannot be read',
      Object.defineProperty(new Error('x'), 'message', {
        get: () => {
          throw new Error('ran');
        },
      }),
    ],
    ['a revoked proxy', revoked],
  ];

  it.each(thrown)('that throws %s is warned of, and changes nothing for the caller or the others', (_words, error) => {
    const recorder = new RecordingObserver();
    const { events, warnings } = listening([
      {
        miss: () => {
          throw error;
        },
      },
      recorder,
    ]);
    expect(() => events.miss?.('k')).not.toThrow();
    expect(recorder.of('miss')).toEqual([['k']]);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('miss()');
  });

  it('that rejects later is warned of, and no rejection is left unhandled', async () => {
    const unhandled: unknown[] = [];
    const onUnhandled = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', onUnhandled);
    const recorder = new RecordingObserver();
    const rejecting = { hit: (): Promise<void> => Promise.reject(new Error('later')) } as unknown as CacheObserver;
    const { events, warnings } = listening([rejecting, recorder]);
    events.hit?.('k', 'memory');
    expect(recorder.of('hit')).toEqual([['k', 'memory']]);
    await settled();
    await settled();
    process.off('unhandledRejection', onUnhandled);
    expect(warnings).toEqual([expect.stringContaining('later')]);
    expect(unhandled).toEqual([]);
  });

  it.each<[string, unknown]>([
    [
      'whose then cannot be read',
      {
        get then(): never {
          throw new Error('boom');
        },
      },
    ],
    [
      'whose then throws',
      {
        then: (): never => {
          throw new Error('boom');
        },
      },
    ],
  ])('that returns something %s is warned of', (_words, returned) => {
    const { events, warnings } = listening([{ miss: () => returned } as unknown as CacheObserver]);
    expect(() => events.miss?.('k')).not.toThrow();
    expect(warnings).toEqual([expect.stringContaining('boom')]);
  });

  it('is told of the next event all the same', () => {
    let calls = 0;
    const { events } = listening([
      {
        miss: () => {
          calls++;
          throw new Error('boom');
        },
      },
    ]);
    events.miss?.('a');
    events.miss?.('b');
    expect(calls).toBe(2);
  });

  it('is warned of in one line, whatever its error says', () => {
    const { events, warnings } = listening([
      {
        miss: () => {
          throw new Error(`a\r\nforged ${'x'.repeat(1_000_000)}`);
        },
      },
    ]);
    events.miss?.('k');
    expect(warnings[0]).not.toMatch(/[\r\n]/);
    expect((warnings[0] as string).length).toBeLessThan(600);
  });
});
