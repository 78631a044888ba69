import { describe, expect, it } from '@jest/globals';
import { TurnoverMap } from '../../../lib/core/turnover-map.js';
import fc from '../../support/properties.js';

interface Step {
  readonly kind: 'set' | 'delete' | 'get';
  readonly key: number;
}

/** What a step answers. */
function taken(
  map: Pick<Map<number, string>, 'get' | 'delete'> & { set(key: number, value: string): unknown },
  step: Step,
) {
  if (step.kind === 'get') return map.get(step.key);
  if (step.kind === 'delete') return map.delete(step.key);
  map.set(step.key, `value of ${step.key}`);
  return undefined;
}

describe('A map of what comes and goes', () => {
  it('holds what any map holds, in the same order', () => {
    const key = fc.integer({ min: 0, max: 30 });
    const step = fc.record({ kind: fc.constantFrom<Step['kind']>('set', 'delete', 'get'), key });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.nat({ max: 1_010 }), (steps, before) => {
        const [map, model] = [new TurnoverMap<number, string>(), new Map<number, string>()];
        // So that it begins anew at any of the steps.
        for (let number = 0; number < before; number++) map.set(-1, '');
        map.delete(-1);
        expect(steps.map((one) => taken(map, one))).toEqual(steps.map((one) => taken(model, one)));
        expect(map.size).toBe(model.size);
        expect([...map.entries()]).toEqual([...model.entries()]);
        expect([...map.values()]).toEqual([...model.values()]);
      }),
      { numRuns: 300 },
    );
  });

  it('loses nothing of what stays for long', () => {
    const map = new TurnoverMap<number, number>();
    for (let number = 0; number < 5_000; number++) map.set(number, number);
    for (let number = 10_000; number < 30_000; number++) {
      map.set(number, number);
      map.delete(number);
    }
    expect([...map.values()]).toEqual(Array.from({ length: 5_000 }, (_, number) => number));
  });

  it('may be emptied', () => {
    const map = new TurnoverMap<string, number>();
    map.set('a', 1);
    map.clear();
    expect(map.size).toBe(0);
    expect(map.get('a')).toBeUndefined();
  });
});
