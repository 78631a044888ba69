import { describe, expect, it } from '@jest/globals';
import { BucketKeys, nameOf } from '../../../lib/redis/keys.js';
import { MergedReads } from '../../../lib/redis/merged-reads.js';
import fc from '../../support/properties.js';

const KEYS = new BucketKeys({ prefix: 'p', cache: 'c', bucket: 0, audience: '0' });
const version = (name: string): string => `${'1'.repeat(16)}-${name.replaceAll(/\W/g, '_').padEnd(15, 'v')}`;
const STATE = Buffer.from(`${version('epoch')}|${version('stream')}|7`);

/** Where everything is there but what begins with `-`. */
function world(fails: (keys: readonly string[]) => boolean = () => false) {
  const asked: (readonly string[])[] = [];
  const heldUnder = (key: string): Buffer | null => {
    if (key === KEYS.state) return STATE;
    const name = key.slice(KEYS.entry('').length);
    if (name.startsWith('k:-')) return null;
    return Buffer.from(key.startsWith(KEYS.entry('')) ? name : `${version(name.slice(2))}|3`);
  };
  const reads = new MergedReads(
    {
      mget: (keys) => {
        asked.push([...keys]);
        return fails(keys) ? Promise.reject(new Error('no')) : Promise.resolve(keys.map(heldUnder));
      },
    },
    KEYS,
  );
  return { asked, reads };
}

function expected(key: string | undefined, tags: readonly string[]): object {
  return {
    entry: key === undefined || key.startsWith('-') ? undefined : Buffer.from(`k:${key}`),
    state: { epoch: version('epoch'), sid: version('stream'), n: 7 },
    tags: tags.map((tag) => (tag.startsWith('-') ? undefined : { version: version(tag), n: 3 })),
  };
}

const entry = (key: string): string => KEYS.entry(nameOf(key));
const tag = (name: string): string => KEYS.tag(nameOf(name));

describe('Reads of one moment', () => {
  it('are one command, which asks for the state and each tag once', async () => {
    const { asked, reads } = world();
    const shared = ['s', 't'];
    await Promise.all([
      reads.read('a', shared),
      reads.read('b', shared),
      reads.read('c', ['t', 'u']),
      reads.read('d', []),
    ]);
    expect(asked).toEqual([[KEYS.state, entry('a'), tag('s'), tag('t'), entry('b'), entry('c'), tag('u'), entry('d')]]);
  });

  it('are not held back for later ones', async () => {
    const { asked, reads } = world();
    await reads.read('a', []);
    await reads.read('a', []);
    expect(asked).toEqual([
      [KEYS.state, entry('a')],
      [KEYS.state, entry('a')],
    ]);
  });

  it('share their failure, and none but theirs', async () => {
    const { reads } = world((keys) => keys.includes(entry('bad')));
    const failed = await Promise.allSettled([reads.read('bad', []), reads.read('good', [])]);
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await reads.read('good', [])).toEqual(expected('good', []));
  });

  it.each([
    ['something else in place of a list', 'no list'],
    ['something else in place of text', [5, 5]],
    ['nothing at all', null],
  ])('fail, and none of them hangs, where the reply is %s', async (_words, reply) => {
    // As it is where an earlier reply was in order.
    await world().reads.read('a', []);
    const reads = new MergedReads({ mget: () => Promise.resolve(reply as unknown as (Buffer | null)[]) }, KEYS);
    const read = await Promise.allSettled([reads.read('a', []), reads.read('b', ['t'])]);
    expect(read.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  it('are several commands where they are many', async () => {
    const { asked, reads } = world();
    const names = Array.from({ length: 1_234 }, (_, index) => `k${index}`);
    const tags = ['s'];
    expect(await Promise.all(names.map((name) => reads.read(name, tags)))).toEqual(
      names.map((name) => expected(name, tags)),
    );
    expect(asked.length).toBeGreaterThan(2);
    for (const command of asked) expect(command.length).toBeLessThanOrEqual(502);
  });

  it('are answered as if each had asked alone', async () => {
    const name = fc.constantFrom('a', 'b', 'c', '-d', '-e', 's', '__proto__', 'constructor');
    const tags = fc.array(name, { maxLength: 4 });
    const read = fc.record({ key: fc.option(name, { nil: undefined }), tags: fc.nat({ max: 3 }) });
    await fc.assert(
      fc.asyncProperty(fc.tuple(tags, tags, tags, tags), fc.array(read, { maxLength: 20 }), async (lists, all) => {
        const { reads } = world();
        const wanted = all.map((one) => ({ key: one.key, tags: lists[one.tags] ?? [] }));
        const found = await Promise.all(wanted.map((one) => reads.read(one.key, one.tags)));
        expect(found).toEqual(wanted.map((one) => expected(one.key, one.tags)));
      }),
      { numRuns: 300 },
    );
  });
});
