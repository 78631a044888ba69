import { isDeepStrictEqual } from 'node:util';

/** What the caches hold: keys, and values made afresh at every load, so that two entries share nothing. */

const BIO =
  'has kept the books of the harbour since the old lighthouse went dark, and sails on Sundays when the wind allows it';

const SHARED_TAGS = ['users', 'members'];

/** Short enough for V8 to build it flat: a longer text would be a chain of parts until it is first compared. */
export function keyOf(index) {
  return `users/${index}`;
}

export function indexOf(key) {
  return Number(key.slice(6));
}

/** About 300 bytes of JSON, parsed, as a row that came over a wire is. */
export function valueOf(key) {
  return JSON.parse(textOf(indexOf(key)));
}

/** One tag that all entries share, and one of its own. */
export function tagsOf(key) {
  return ['users', `user:${indexOf(key)}`];
}

/** Two tags that all entries share. */
export function sharedTagsOf() {
  return SHARED_TAGS;
}

function textOf(id) {
  return JSON.stringify({
    id,
    name: `Ada Harbourmaster the ${id}th`,
    email: `ada.harbourmaster.${id}@example.org`,
    roles: ['reader', 'editor'],
    active: id % 3 !== 0,
    score: id % 97,
    bio: `Member ${id} ${BIO}.`,
  });
}

/** Throws unless a cache answered with what the loader made for the key. */
export function verify(key, answer) {
  // Some sort the properties on their way.
  if (isDeepStrictEqual(answer, valueOf(key))) return;
  throw new Error(`'${key}' was answered with ${JSON.stringify(answer)}.`);
}
