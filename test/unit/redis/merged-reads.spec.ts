import { describe, expect, it } from '@jest/globals';
import { MergedReads } from '../../../lib/redis/merged-reads.js';
import fc from '../../support/properties.js';

/** Answers each key with its name, and keys that are not there with null. */
function port(fails: (keys: readonly string[]) => boolean = () => false) {
  const asked: (readonly string[])[] = [];
  const reads = new MergedReads({
    run: ({ script }) => Promise.resolve(script),
    mget: (keys) => {
      asked.push([...keys]);
      if (fails(keys)) return Promise.reject(new Error('no'));
      return Promise.resolve(keys.map((key) => (key.startsWith('-') ? null : Buffer.from(key))));
    },
  });
  const read = async (...keys: string[]): Promise<readonly (string | undefined)[]> =>
    (await reads.mget(keys)).map((value) => value?.toString());
  return { asked, reads, read };
}

describe('Reads of one moment', () => {
  it('are one command, which asks for each key once, and each gets his own in order', async () => {
    const { asked, read } = port();
    const found = await Promise.all([read('a', 's'), read('b', 's', '-t'), read('s', 'a', 'a')]);
    expect(found).toEqual([
      ['a', 's'],
      ['b', 's', undefined],
      ['s', 'a', 'a'],
    ]);
    expect(asked).toEqual([['a', 's', 'b', '-t']]);
  });

  it('are not held back for later ones', async () => {
    const { asked, read } = port();
    await read('a');
    await read('a');
    expect(asked).toEqual([['a'], ['a']]);
  });

  it('share their failure, and none but theirs', async () => {
    const { read } = port((keys) => keys.includes('bad'));
    const failed = await Promise.allSettled([read('bad'), read('good')]);
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await read('good')).toEqual(['good']);
  });

  it('are several commands where they are many', async () => {
    const { asked, read } = port();
    const keys = Array.from({ length: 1_234 }, (_, index) => `k${index}`);
    expect(await Promise.all(keys.map((key) => read(key, 's')))).toEqual(keys.map((key) => [key, 's']));
    expect(asked.length).toBeGreaterThan(2);
    for (const command of asked) expect(command.length).toBeLessThanOrEqual(502);
  });

  it('are answered as if each had asked alone', async () => {
    const key = fc.constantFrom('a', 'b', 'c', '-d', '-e', 's', '__proto__', 'constructor');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(key, { maxLength: 6 }), { maxLength: 20 }), async (all) => {
        const { read } = port();
        const found = await Promise.all(all.map((keys) => read(...keys)));
        expect(found).toEqual(all.map((keys) => keys.map((one) => (one.startsWith('-') ? undefined : one))));
      }),
      { numRuns: 300 },
    );
  });

  it('leave scripts alone', async () => {
    expect(await port().reads.run({ script: 'renew', keys: [], args: [] })).toBe('renew');
  });
});
