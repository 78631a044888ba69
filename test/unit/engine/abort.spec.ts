import { getEventListeners } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { Aborts } from '../../../lib/engine/abort.js';
import { settle, stateOf } from '../../support/source.js';

const nothing = (): void => undefined;
const forever = new Promise<never>(nothing);
const gone = new Error('the client has gone');

describe('A signal that many wait with', () => {
  it('is listened to once, until none of them waits', async () => {
    const [aborts, { signal }] = [new Aborts(), new AbortController()];
    const listeners = (): number => getEventListeners(signal, 'abort').length;
    let answer: (value: string) => void = nothing;
    const later = new Promise<string>((resolve) => {
      answer = resolve;
    });
    const waits = [Promise.resolve('now'), later].map((wait) => aborts.untilAborted(wait, signal, nothing));
    expect(listeners()).toBe(1);
    await waits[0];
    await settle();
    expect(listeners()).toBe(1);
    answer('later');
    expect(await waits[1]).toBe('later');
    await settle();
    expect(listeners()).toBe(0);
  });

  it('ends the wait of all who still wait, and of nobody else', async () => {
    const [aborts, aborting] = [new Aborts(), new AbortController()];
    const left: string[] = [];
    const wait = <T>(what: Promise<T>, name: string): Promise<T> =>
      aborts.untilAborted(what, aborting.signal, () => void left.push(name));
    const ended = wait(Promise.resolve('now'), 'ended');
    await ended;
    await settle();
    const waits = ['a', 'b'].map((name) => wait(forever, name));
    aborting.abort(gone);
    for (const each of waits) await expect(each).rejects.toBe(gone);
    expect([left, await stateOf(ended)]).toEqual([['a', 'b'], 'fulfilled']);
  });

  it('still ends the wait of one when another has got what he waited for', async () => {
    const [aborts, aborting] = [new Aborts(), new AbortController()];
    const first = aborts.untilAborted(Promise.resolve('now'), aborting.signal, nothing);
    const second = aborts.untilAborted(forever, aborting.signal, nothing);
    expect(await first).toBe('now');
    await settle();
    aborting.abort(gone);
    await expect(second).rejects.toBe(gone);
  });

  it('is not listened to once it has fired, though what they waited for never comes', () => {
    const aborting = new AbortController();
    new Aborts().untilAborted(forever, aborting.signal, nothing).catch(nothing);
    aborting.abort(gone);
    expect(getEventListeners(aborting.signal, 'abort')).toEqual([]);
  });
});
