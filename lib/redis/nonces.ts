import type { Random } from '../core/random.js';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-';
/** Each takes six bits; a draw holds 32. */
const PER_DRAW = 5;

/** So many characters of `A–Z a–z 0–9 _ -` that nobody had before. */
export function nonceOf(random: Random, length: number): string {
  let nonce = '';
  while (nonce.length < length) {
    let bits = Math.floor(random() * 2 ** 30);
    for (let digit = 0; digit < PER_DRAW && nonce.length < length; digit++) {
      nonce += ALPHABET[bits & 63] as string;
      bits >>>= 6;
    }
  }
  return nonce;
}
