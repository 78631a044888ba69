import { describe, expect, it } from '@jest/globals';
import { nameOf } from '../../../lib/redis/keys.js';
import { Wakes } from '../../../lib/redis/wakes.js';
import { stateOf } from '../../support/source.js';

describe('Who waits for the load of another process', () => {
  it('is woken with all who wait for the key, and with nobody else', async () => {
    const wakes = new Wakes();
    const [first, second, other] = [wakes.wait('k'), wakes.wait('k'), wakes.wait('other')];
    wakes.wake(nameOf('k'), 'stored');
    expect(await Promise.all([first.woken, second.woken])).toEqual(['stored', 'stored']);
    expect(await stateOf(other.woken)).toBe('pending');
  });

  it('is found also under a digest', async () => {
    const wakes = new Wakes();
    const wait = wakes.wait('ключ');
    wakes.wake('ключ', 'stored');
    expect(await stateOf(wait.woken)).toBe('pending');
    wakes.wake(nameOf('ключ'), 'failed');
    expect(await wait.woken).toBe('failed');
  });

  it('is not woken any more when he stopped, though others are', async () => {
    const wakes = new Wakes();
    const [first, second] = [wakes.wait('k'), wakes.wait('k')];
    first.stop();
    first.stop();
    wakes.wake(nameOf('k'), 'nothing');
    expect([await stateOf(first.woken), await second.woken]).toEqual(['pending', 'nothing']);
  });

  it('does not keep him who came after him from being woken by stopping late', async () => {
    const wakes = new Wakes();
    const early = wakes.wait('k');
    wakes.wake(nameOf('k'), 'refused');
    const late = wakes.wait('k');
    early.stop();
    wakes.wake(nameOf('k'), 'stored');
    expect([await early.woken, await late.woken]).toEqual(['refused', 'stored']);
  });

  it('is woken with all others when something may have been missed', async () => {
    const wakes = new Wakes();
    const waits = ['a', 'b', 'b'].map((key) => wakes.wait(key));
    wakes.wakeAll('lost');
    expect(await Promise.all(waits.map(({ woken }) => woken))).toEqual(['lost', 'lost', 'lost']);
  });

  it('may be woken for nobody', () => {
    const wakes = new Wakes();
    expect(() => wakes.wake('k:nobody', 'stored')).not.toThrow();
    expect(() => wakes.wakeAll('lost')).not.toThrow();
  });
});
