import { describe, expect, it } from '@jest/globals';
import { CACHE_EVENTS, composeObservers } from '../../../lib/core/observer.js';
import { RecordingObserver } from '../../../lib/testing/recording.observer.js';

const heardSome = (): RecordingObserver => {
  const heard = new RecordingObserver();
  heard.miss('shop', 'a');
  heard.load('shop', 'a', 12, 'stored');
  heard.miss('bank', 'b');
  heard.invalidate('shop', 'tag', ['x', 'y']);
  return heard;
};

describe('A recording observer', () => {
  it('has heard nothing at first', () => {
    const heard = new RecordingObserver();
    expect(heard.events).toEqual([]);
    expect(heard.names()).toEqual([]);
    expect(heard.of('hit')).toEqual([]);
  });

  it('keeps the events in order, with the name of the cache first', () => {
    expect(heardSome().events).toEqual([
      { name: 'miss', args: ['shop', 'a'] },
      { name: 'load', args: ['shop', 'a', 12, 'stored'] },
      { name: 'miss', args: ['bank', 'b'] },
      { name: 'invalidate', args: ['shop', 'tag', ['x', 'y']] },
    ]);
  });

  it('gives the names of the events in order', () => {
    expect(heardSome().names()).toEqual(['miss', 'load', 'miss', 'invalidate']);
  });

  it('gives the arguments of every event of one name, without the name of the cache', () => {
    const heard = heardSome();
    expect(heard.of('miss')).toEqual([['a'], ['b']]);
    expect(heard.of('load')).toEqual([['a', 12, 'stored']]);
    expect(heard.of('hit')).toEqual([]);
  });

  it('keeps arguments as the very objects they are', () => {
    const heard = new RecordingObserver();
    const fault = new Error('fault');
    heard.error('shop', 'refresh', fault);
    expect(heard.of('error')[0]?.[1]).toBe(fault);
  });

  it('forgets what it heard, and hears again', () => {
    const heard = heardSome();
    const { events } = heard;
    heard.clear();
    expect(heard.names()).toEqual([]);
    heard.hit('shop', 'k', 'memory');
    expect(heard.of('hit')).toEqual([['k', 'memory']]);
    expect(heard.events).toBe(events);
  });

  it.each(CACHE_EVENTS)('hears %s, also by a method that was taken off it', (name) => {
    const heard = new RecordingObserver();
    const { [name]: method } = heard as unknown as Record<typeof name, (...args: unknown[]) => unknown>;
    expect(method('shop', 'x', 'y')).toBeUndefined();
    expect(heard.events).toEqual([{ name, args: ['shop', 'x', 'y'] }]);
  });

  it('hears nothing of what another hears', () => {
    const [one, other] = [new RecordingObserver(), new RecordingObserver()];
    one.miss('shop', 'k');
    expect(other.events).toEqual([]);
  });

  it('hears every event as an observer of a cache', () => {
    const heard = new RecordingObserver();
    const warnings: string[] = [];
    const events = composeObservers('shop', [heard], (message) => warnings.push(message));
    for (const name of CACHE_EVENTS) (events[name] as (...args: unknown[]) => void)(name);
    expect(heard.names()).toEqual(CACHE_EVENTS);
    for (const name of CACHE_EVENTS) expect(heard.of(name)).toEqual([[name]]);
    expect(warnings).toEqual([]);
  });
});
