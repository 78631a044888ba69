import { makeOn } from './bentocache.mjs';

/** `serialize: false`, which its documentation offers for speed: every reader gets the same object. */
export function make(scene) {
  return makeOn({ serialize: false }, scene);
}
