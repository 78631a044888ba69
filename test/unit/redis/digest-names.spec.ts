import { describe, expect, it } from '@jest/globals';
import { Shortcuts, TrackedTier } from '../../../lib/engine/shortcuts.js';
import { DigestNames, digestsOf } from '../../../lib/redis/digest-names.js';
import { nameOf } from '../../../lib/redis/keys.js';
import { MemoryTier } from '../../../lib/tiers/memory.tier.js';
import { NoMemoryTier } from '../../../lib/tiers/no-memory.tier.js';
import { seededRandom } from '../../support/seeded-random.js';
import { taggedEntry } from '../coherence/tagged-entry.js';

const AWKWARD = 'of two words';

describe('The names that messages use', () => {
  it('are the keys and tags themselves where these are plain, whether memory has them or not', () => {
    const names = new DigestNames();
    for (const text of ['k', '', 'user:1', '__proto__', 'a|b']) expect(names.textOf(`k:${text}`)).toBe(text);
  });

  it.each([AWKWARD, 'x'.repeat(201), '{}', '\ud800'])(
    'are known of what memory holds, and of nothing else: %p',
    (text) => {
      const names = new DigestNames();
      expect(names.textOf(nameOf(text))).toBeUndefined();
      names.learn({ key: 'k', tags: [text] });
      expect(names.textOf(nameOf(text))).toBe(text);
      names.forget({ key: 'k', tags: [text] });
      expect(names.textOf(nameOf(text))).toBeUndefined();
    },
  );

  it('are known as long as one entry bears them, as key or as tag', () => {
    const names = new DigestNames();
    names.learn({ key: AWKWARD, tags: [] });
    names.learn({ key: 'k', tags: [AWKWARD, AWKWARD] });
    names.forget({ key: AWKWARD, tags: [] });
    expect(names.textOf(nameOf(AWKWARD))).toBe(AWKWARD);
    names.forget({ key: 'k', tags: [AWKWARD, AWKWARD] });
    expect(names.textOf(nameOf(AWKWARD))).toBeUndefined();
    names.forget({ key: AWKWARD, tags: [] });
    names.learn({ key: AWKWARD, tags: [] });
    expect(names.textOf(nameOf(AWKWARD))).toBe(AWKWARD);
  });

  it('are forgotten with all of memory', () => {
    const names = new DigestNames();
    names.learn({ key: AWKWARD, tags: [] });
    names.clear();
    expect(names.textOf(nameOf(AWKWARD))).toBeUndefined();
  });

  it('of a call are those that are not plain', () => {
    expect(digestsOf('k', ['t'])).toEqual([]);
    expect(digestsOf('k', ['t', AWKWARD])).toEqual([nameOf(AWKWARD)]);
    expect(digestsOf(AWKWARD, ['t'])).toEqual([nameOf(AWKWARD)]);
  });
});

describe('A tracked tier', () => {
  it('knows the names of what it holds, and forgets those of what it does not, whatever befalls it', () => {
    const names = new DigestNames();
    const shortcuts = new Shortcuts();
    const memory = new MemoryTier({ max: 5, maxBytes: undefined }, (entry) => names.forget(entry));
    const tier = new TrackedTier(memory, shortcuts, names);
    const random = seededRandom(1);
    const below = (limit: number): number => Math.floor(random() * limit);
    const keys = Array.from({ length: 12 }, (_, number) => `key ${number}`);
    const tags = Array.from({ length: 6 }, (_, number) => `tag ${number}`);
    for (let step = 0; step < 5_000; step++) {
      const key = keys[below(keys.length)] as string;
      if (step % 500 === 499) tier.clear();
      else if (random() < 0.3) tier.delete(key);
      else tier.set(taggedEntry({ key, tags: tags.slice(below(6)), position: 0 }));
      const held = [...tier.each()].flatMap((entry) => [entry.key, ...entry.tags]);
      const known = [...keys, ...tags].filter((text) => names.textOf(nameOf(text)) !== undefined);
      expect(new Set(known)).toEqual(new Set(held));
    }
  });

  it('forgets the name of what is larger than all of memory', () => {
    const names = new DigestNames();
    const memory = new MemoryTier({ max: undefined, maxBytes: 1_000 }, (entry) => names.forget(entry));
    const tier = new TrackedTier(memory, new Shortcuts(), names);
    tier.set(taggedEntry({ key: 'x'.repeat(5_000), tags: [], position: 0 }));
    expect(names.textOf(nameOf('x'.repeat(5_000)))).toBeUndefined();
  });

  it('without memory remembers no name for ever', () => {
    const names = new DigestNames();
    const tier = new TrackedTier(new NoMemoryTier(), new Shortcuts(), names);
    tier.set(taggedEntry({ key: AWKWARD, tags: ['some tag'], position: 0 }));
    expect(names.textOf(nameOf(AWKWARD))).toBeUndefined();
    expect(names.textOf(nameOf('some tag'))).toBeUndefined();
  });
});
