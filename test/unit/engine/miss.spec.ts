import { describe, expect, it } from '@jest/globals';
import { ReentrantLoadError } from '../../../lib/core/errors.js';
import { LoadWorld } from './load-world.js';

/** What a load of `k` meets that does this in its first line. */
async function within(world: LoadWorld, start: () => void): Promise<unknown> {
  let met: unknown;
  const load = (): string => {
    try {
      start();
    } catch (error) {
      met = error;
    }
    return 'v';
  };
  await world.fly({ load }).landing;
  return met;
}

const alone = (): LoadWorld => new LoadWorld({ isShared: false });

describe('Within a load', () => {
  it('none of the same key is started that it would wait for', async () => {
    const world = alone();
    const met = await within(world, () => void world.fly({ name: 'same' }));
    expect(met).toEqual(new ReentrantLoadError(['k', 'same']));
    expect(world.source.loads).toBe(0);
  });

  it('one of the same key may be started behind it', async () => {
    const world = alone();
    expect(await within(world, () => void world.fly({ place: 'behind' }))).toBeUndefined();
    expect(world.source.loads).toBe(1);
  });

  it('one of the same key may be started in another cache', async () => {
    const [world, another] = [alone(), alone()];
    expect(await within(world, () => void another.fly())).toBeUndefined();
    expect(another.source.loads).toBe(1);
  });
});
