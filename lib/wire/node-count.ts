const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * How many values a JSON text holds, found before any of them is made: an empty array takes two bytes of text and more
 * than twenty times as much in memory. Of what is not JSON it may say anything.
 */
export function countNodes(text: Uint8Array): number {
  let count = 1;
  let previous = 0;
  for (let at = 0; at < text.length; at++) {
    const byte = text[at] as number;
    if (byte === QUOTE) at = endOfString(text, at);
    else if (byte === COMMA || byte === OPEN_ARRAY || byte === OPEN_OBJECT) count++;
    else if (byte === CLOSE_ARRAY && previous === OPEN_ARRAY) count--;
    else if (byte === CLOSE_OBJECT && previous === OPEN_OBJECT) count--;
    previous = byte;
  }
  return count;
}

function endOfString(text: Uint8Array, begin: number): number {
  let at = begin + 1;
  while (at < text.length && text[at] !== QUOTE) at += text[at] === BACKSLASH ? 2 : 1;
  return at;
}
