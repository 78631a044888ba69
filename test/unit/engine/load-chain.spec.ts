import { describe, expect, it } from '@jest/globals';
import { Flight, Flights } from '../../../lib/engine/flight.js';
import { affordableLoadChain } from '../../../lib/engine/load-chain.js';

const flight = new Flight({ key: 'k', name: 'k', old: undefined, isForced: false }, [], new Flights());

describe('A chain of loads', () => {
  it.each<[string, boolean, string, string | undefined]>([
    ['after them, where that costs nothing', true, '24.0.0', 'production'],
    ['after them, in development', true, '22.12.0', undefined],
    ['not after them, where production would pay for it', false, '22.12.0', 'production'],
  ])('is followed before awaits, and %s', async (_words, isComplete, version, environment) => {
    const chain = affordableLoadChain(version, environment);
    expect([chain.complete, chain.current()]).toEqual([isComplete, undefined]);
    const seen = await chain.run(flight, async () => {
      const before = chain.current();
      await Promise.resolve();
      return [before, chain.current()];
    });
    expect(seen).toEqual([flight, isComplete ? flight : undefined]);
  });
});
