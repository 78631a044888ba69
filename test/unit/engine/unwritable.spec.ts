import { describe, expect, it } from '@jest/globals';
import { unwritableIn } from '../../../lib/engine/unwritable.js';

describe('What is said of a value that cannot be written to Redis', () => {
  it.each<readonly [memory: object | false, name: string, said: string]>([
    [
      {},
      "Users.find('secret)",
      "Users.find(…): its value is not written to Redis, because it holds a function, and stays in this process's memory. " +
        'Return plain data, or name the class by `type`.',
    ],
    [
      {},
      'user:secret',
      "getOrSet(): its value is not written to Redis, because it holds a function, and stays in this process's memory. " +
        'Return plain data, or name the class by `type`.',
    ],
    [
      false,
      'user:secret',
      'getOrSet(): its value is not written to Redis, because it holds a function, and there is no memory to keep it in. ' +
        'Return plain data, or name the class by `type`.',
    ],
  ])('with the memory %j by %s names no argument', (memory, name, said) => {
    expect(unwritableIn(memory)(name, 'it holds a function')).toBe(said);
  });
});
