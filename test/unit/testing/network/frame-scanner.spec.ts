import { describe, expect, it } from '@jest/globals';
import { FrameScanner } from '../../../../lib/testing/network/frame-scanner.js';

/** Frames of both protocols, each as Redis writes it. */
const FRAMES: readonly (readonly [name: string, frame: string])[] = [
  ['a word', '+OK\r\n'],
  ['a word that looks like more', '+*3 $7 message\r\n'],
  ['no word', '+\r\n'],
  ['an error', '-ERR unknown command\r\n'],
  ['a number', ':-12\r\n'],
  ['a text', '$5\r\nhello\r\n'],
  ['an empty text', '$0\r\n\r\n'],
  ['a text of ends of lines', '$6\r\n\r\n\r\n\r\n\r\n'],
  ['a text that holds a frame', '$12\r\n*3\r\n$7\r\nmess\r\n'],
  ['no text', '$-1\r\n'],
  ['an array', '*2\r\n$1\r\na\r\n:1\r\n'],
  ['an empty array', '*0\r\n'],
  ['no array', '*-1\r\n'],
  ['arrays in arrays', '*3\r\n*2\r\n*0\r\n*-1\r\n$-1\r\n*1\r\n*1\r\n+a\r\n'],
  ['a message', '*3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$4\r\nnews\r\n'],
  ['a pushed message', '>3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$0\r\n\r\n'],
  ['nothing', '_\r\n'],
  ['a yes', '#t\r\n'],
  ['a fraction', ',1.5e3\r\n'],
  ['a great number', '(3492890328409238509324850943850943825024385\r\n'],
  ['a long error', '!9\r\nERR a\r\n b\r\n'],
  ['a verbatim text', '=7\r\ntxt:one\r\n'],
  ['a set', '~2\r\n+a\r\n_\r\n'],
  ['a map', '%2\r\n+a\r\n*1\r\n:1\r\n+b\r\n%1\r\n:2\r\n:3\r\n'],
  ['an empty map', '%0\r\n'],
  ['a number with an attribute', '|1\r\n+ttl\r\n:3600\r\n:7\r\n'],
  ['an element with an attribute', '*2\r\n|2\r\n+a\r\n:1\r\n+b\r\n%1\r\n:1\r\n:2\r\n$1\r\nx\r\n:9\r\n'],
];
const STREAM = Buffer.from(FRAMES.map(([, frame]) => frame).join(''));
const ENDS = FRAMES.map((_, index) => FRAMES.slice(0, index + 1).reduce((sum, [, { length }]) => sum + length, 0));

/** Where frames ended, in bytes from the beginning of all. */
function endsIn(scanner: FrameScanner, chunks: readonly Buffer[]): number[] {
  const ends: number[] = [];
  let before = 0;
  for (const chunk of chunks) {
    for (let at = 0; at < chunk.length; ) {
      at = scanner.read(chunk, at);
      if (scanner.isBetween) ends.push(before + at);
    }
    before += chunk.length;
  }
  return ends;
}

function inPiecesOf(size: number, bytes: Buffer): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  );
}

describe('A scanner of frames finds the end of', () => {
  it.each(FRAMES)('%s, and not before it', (_, frame) => {
    const scanner = new FrameScanner();
    expect(endsIn(scanner, inPiecesOf(1, Buffer.from(frame)))).toEqual([frame.length]);
    expect(scanner.isLost).toBe(false);
  });
});

describe('A scanner of frames finds the ends of all', () => {
  it('in one piece', () => {
    expect(endsIn(new FrameScanner(), [STREAM])).toEqual(ENDS);
  });

  it('in two, wherever they are split', () => {
    for (let at = 1; at < STREAM.length; at++) {
      const chunks = [STREAM.subarray(0, at), STREAM.subarray(at)];
      expect({ at, ends: endsIn(new FrameScanner(), chunks) }).toEqual({ at, ends: ENDS });
    }
  });

  it('in three, wherever they are split', () => {
    const bytes = STREAM.subarray(0, 120);
    const ends = ENDS.filter((end) => end <= bytes.length).join();
    const wrong: (readonly [number, number])[] = [];
    for (let one = 1; one < bytes.length; one++) {
      for (let other = one + 1; other < bytes.length; other++) {
        const chunks = [bytes.subarray(0, one), bytes.subarray(one, other), bytes.subarray(other)];
        if (endsIn(new FrameScanner(), chunks).join() !== ends) wrong.push([one, other]);
      }
    }
    expect(wrong).toEqual([]);
  });

  it.each([1, 2, 3, 7, 64])('in pieces of %d bytes', (size) => {
    expect(endsIn(new FrameScanner(), inPiecesOf(size, STREAM))).toEqual(ENDS);
  });

  it('of big bulks, in the pieces that a socket makes of them', () => {
    const big = Buffer.concat([
      Buffer.from(`$${2 ** 22}\r\n`),
      Buffer.alloc(2 ** 22, '*3\r\n$7\r\nmessage\r\n'),
      Buffer.from('\r\n'),
    ]);
    const chunks = inPiecesOf(65_536, Buffer.concat([big, big, Buffer.from('+OK\r\n')]));
    expect(endsIn(new FrameScanner(), chunks)).toEqual([big.length, 2 * big.length, 2 * big.length + 5]);
  });

  it('however deep they are', () => {
    const deep = Buffer.from(`${'*1\r\n'.repeat(100_000)}:1\r\n`);
    expect(endsIn(new FrameScanner(), inPiecesOf(1_000, deep))).toEqual([deep.length]);
  });
});

describe('A scanner of frames is lost for good', () => {
  it.each([
    ['where no frame begins so', 'HTTP/1.1 400 Bad Request\r\n'],
    ['in the bytes of TLS', '\u0016\u0003\u0001'],
    ['where no element begins so', '*2\r\n:1\r\nx\r\n'],
    ['in a header without a count', '$\r\n'],
    ['in a header that counts nothing', '$abc\r\n'],
    ['in a negative count', '$-2\r\n'],
    ['in a fraction', '*1.5\r\n'],
    ['in a header that ends by half', '$1\na\r\n'],
    ['in a header without an end', `*${'1'.repeat(20)}`],
    ['in more elements than can be counted', `*1\r\n${'%999999999999999\r\n'.repeat(10)}`],
    ['in a text that is longer than it says', '$1\r\nab\r\n'],
    ['in a text that ends by half', '$1\r\na\n'],
    ['in a text whose end has no end', `$1\r\na${' '.repeat(20)}`],
  ])('%s', (_, bytes) => {
    for (const size of [1, 2, 1_000]) {
      const scanner = new FrameScanner();
      const chunks = inPiecesOf(size, Buffer.from(bytes, 'latin1'));
      expect({ size, ends: endsIn(scanner, chunks), isLost: scanner.isLost }).toEqual({ size, ends: [], isLost: true });
      expect(endsIn(scanner, [Buffer.from('+OK\r\n')])).toEqual([]);
    }
  });
});
