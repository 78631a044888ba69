import { describe, expect, it } from '@jest/globals';
import { isThenable } from '../../../lib/core/thenable.js';

describe('What acts as a promise', () => {
  it.each<[string, unknown]>([
    ['is a promise', Promise.resolve()],
    ['is an object with a then', { then: (): void => undefined }],
  ])('%s', (_words, value) => {
    expect(isThenable(value)).toBe(true);
  });

  it.each<[string, unknown]>([
    ['null', null],
    ['undefined', undefined],
    ['a text', 'then'],
    ['an object without a then', {}],
    ['an object whose then is no function', { then: true }],
    ['a function, also with a then', Object.assign((): void => undefined, { then: (): void => undefined })],
  ])('is not %s', (_words, value) => {
    expect(isThenable(value)).toBe(false);
  });
});
