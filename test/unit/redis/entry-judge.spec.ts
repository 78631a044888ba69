import { describe, expect, it } from '@jest/globals';
import { EntryJudge } from '../../../lib/redis/entry-judge.js';
import { BucketKeys } from '../../../lib/redis/keys.js';
import type { TagRecord } from '../../../lib/redis/records.js';
import { SharedScripts } from '../../../lib/redis/shared-scripts.js';
import { codecWith, EPOCH, entryOf, valueOf, versionOf } from './records-world.js';

const KEYS = new BucketKeys({ prefix: 'shop', cache: 'default', bucket: 0, audience: '0' });
const STATE = { epoch: EPOCH, sid: versionOf('sid'), n: 7 };
const current = (tag: string): TagRecord => ({ version: versionOf(tag), n: 1 });
const OTHER: TagRecord = { version: versionOf('another'), n: 2 };

class User {
  readonly name = 'Ada';
}

/** In Redis each tag has the version of its name, unless it was invalidated or is gone. */
function court(invalidated: readonly string[] = [], gone: readonly string[] = []) {
  const errors: string[] = [];
  const asked: string[] = [];
  const codec = codecWith();
  const recordOf = (tag: string): TagRecord | undefined => {
    if (gone.includes(tag)) return undefined;
    return invalidated.includes(tag) ? OTHER : current(tag);
  };
  const scripts = new SharedScripts(
    {
      run: () => Promise.reject(new Error('no script is needed')),
      mget: (keys) => {
        // The state comes with whatever is read.
        const [, ...tags] = keys.map((key) => key.slice(key.indexOf(':t:k:') + 5));
        asked.push(...tags);
        const records = tags.map(recordOf).map((record) => record && Buffer.from(`${record.version}|${record.n}`));
        return Promise.resolve([null, ...records.map((record) => record ?? null)]);
      },
    },
    KEYS,
    () => 'n'.repeat(15),
  );
  const judge = new EntryJudge(codec, (during, error) => errors.push(`${during}: ${(error as Error).message}`));
  const ask = async (entry: Buffer, tags: readonly string[] = [], type?: typeof User, state = STATE) => {
    const found = await judge.judge({ key: 'k', tags, type }, { entry, state, records: tags.map(recordOf) }, scripts);
    return found?.value;
  };
  return { errors, asked, codec, ask };
}

describe('An entry', () => {
  it('without tags is an answer, at once', () => {
    const codec = codecWith();
    const judge = new EntryJudge(codec, () => undefined);
    const never = undefined as unknown as SharedScripts;
    const seen = { entry: entryOf(codec, 'k', valueOf()), state: STATE, records: [] };
    expect(judge.judge({ key: 'k', tags: [], type: undefined }, seen, never)).toEqual(valueOf());
  });

  it('of another epoch is none', async () => {
    const { codec, ask, errors } = court();
    const state = { ...STATE, epoch: versionOf('later') };
    expect(await ask(entryOf(codec, 'k', valueOf()), [], undefined, state)).toBeUndefined();
    expect(errors).toEqual([]);
  });

  it.each<[string, readonly string[], readonly string[], readonly string[], boolean]>([
    ['all its tags are what they were', ['a', 'b'], [], [], true],
    ['the reader names them in another order', ['b', 'a'], [], [], true],
    ['the reader names one of them', ['b'], [], [], true],
    ['the reader names none', [], [], [], true],
    ['one that the reader names was invalidated', ['a', 'b'], ['b'], [], false],
    ['one that the reader does not name was invalidated', ['a'], ['b'], [], false],
    ['the first of those nobody names was invalidated', [], ['a'], [], false],
    ['the record of a tag is gone', ['a', 'b'], [], ['a'], false],
    ['the record of a tag is gone that nobody names', [], [], ['b'], false],
    ['the reader names a tag it does not have', ['a', 'b', 'c'], [], [], false],
    ['the reader names only a tag it does not have', ['c'], [], [], false],
    ['the reader names one it does not have, whose record is gone', ['a', 'b', 'c'], [], ['c'], false],
  ])('with tags is judged by them: %s', async (_words, declared, invalidated, gone, isAnswer) => {
    const { codec, ask, errors, asked } = court(invalidated, gone);
    const value = await ask(entryOf(codec, 'k', valueOf({ value: 'v', tags: ['a', 'b'] })), declared);
    expect(value).toBe(isAnswer ? 'v' : undefined);
    expect(errors).toEqual([]);
    // Nothing is asked for that was read with the entry, and nothing left out.
    expect(isAnswer ? [...asked, ...declared].sort() : ['a', 'b']).toEqual(['a', 'b']);
  });

  it('that cannot be read is none, and an event', async () => {
    const { codec, ask, errors } = court();
    const broken = entryOf(codec, 'k', valueOf());
    broken[broken.length - 1] = (broken.at(-1) ?? 0) ^ 1;
    expect(await ask(broken)).toBeUndefined();
    expect(await ask(entryOf(codec, 'other', valueOf()))).toBeUndefined();
    expect(await ask(Buffer.from('rubbish'), ['a'])).toBeUndefined();
    expect(errors).toEqual(Array(3).fill(expect.stringMatching(/^redis record: /)));
  });

  it.each([[[]], [['a']]])(
    'of an instance is none for who names no class, and no event, with tags %j',
    async (tags) => {
      const { codec, ask, errors } = court();
      const entry = entryOf(codec, 'k', valueOf({ value: new User(), tags }), User);
      expect([await ask(entry), await ask(entry, tags), errors]).toEqual([undefined, undefined, []]);
      expect(await ask(entry, [], User)).toStrictEqual(new User());
    },
  );

  it('whose value alone is broken is none as well, and an event', async () => {
    const errors: unknown[] = [];
    const [writer, reader] = [codecWith({ serialize: () => 'text', deserialize: () => 1 }), codecWith()];
    const judge = new EntryJudge(reader, (_during, error) => errors.push(error));
    const { ask, codec } = court();
    expect(await ask(entryOf(codec, 'k', valueOf({ value: 'v' })))).toBe('v');
    const seen = { entry: entryOf(writer, 'k', valueOf()), state: STATE, records: [] };
    const never = undefined as unknown as SharedScripts;
    expect(judge.judge({ key: 'k', tags: [], type: undefined }, seen, never)).toBeUndefined();
    expect(errors).toHaveLength(1);
  });
});
