import { describe, expect, it } from '@jest/globals';
import { MessageSieve } from '../../../../lib/testing/network/message-sieve.js';

const bulk = (text: string): string => `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
const framed = (type: string, ...parts: readonly string[]): string => `${type}${parts.length}\r\n${parts.join('')}`;
const words = (type: string, ...parts: readonly string[]): string => framed(type, ...parts.map(bulk));

const SUBSCRIBED = framed('*', bulk('subscribe'), bulk('c'), ':1\r\n');

/** What a connection of each protocol brings; each frame with what becomes of it. */
const STREAMS: Readonly<Record<string, readonly (readonly ['passes' | 'is lost', string])[]>> = {
  'RESP2, a subscriber': [
    ['passes', '+OK\r\n'],
    ['passes', words('*', 'message', 'c', 'before it subscribed')],
    ['passes', SUBSCRIBED],
    ['is lost', words('*', 'message', 'c', 'news')],
    ['passes', words('*', 'pong', '')],
    ['is lost', words('*', 'smessage', 'c', '')],
    ['is lost', words('*', 'pmessage', 'c*', 'c', 'x'.repeat(300))],
    ['passes', framed('*', bulk('unsubscribe'), bulk('c'), ':0\r\n')],
    ['passes', words('*', 'message', 'of two')],
    ['passes', words('*', 'message', 'c', 'of', 'four')],
    ['passes', words('*', 'messages', 'c', 'd')],
    ['passes', framed('*', '+message\r\n', ':1\r\n', '_\r\n')],
    ['passes', bulk(words('*', 'message', 'c', 'inside of a text'))],
    ['passes', framed('*', bulk('x'), words('*', 'message', 'c', 'inside of an array'))],
    ['is lost', words('*', 'message', 'c', words('*', 'message', 'c', 'in words'))],
    ['passes', '-ERR an end\r\n'],
  ],
  'RESP3, which asks and hears on one': [
    ['passes', framed('%', bulk('server'), bulk('redis')).replace('%2', '%1')],
    ['is lost', words('>', 'message', 'c', 'news')],
    ['passes', words('*', 'message', 'c', 'an answer')],
    ['passes', framed('>', bulk('subscribe'), bulk('c'), ':1\r\n')],
    ['passes', words('*', 'message', 'c', 'an answer')],
    ['passes', framed('>', bulk('invalidate'), framed('*', bulk('key')))],
    ['is lost', words('>', 'pmessage', 'c*', 'c', 'news')],
    ['passes', '|1\r\n+a\r\n:1\r\n$1\r\nb\r\n'],
    ['is lost', words('>', 'smessage', 'c', 'ü')],
    ['passes', '_\r\n'],
  ],
};

interface Outcome {
  readonly passed: string;
  readonly lost: number;
}

function sifted(sieve: MessageSieve, chunks: readonly Buffer[], messages: 'pass' | 'are lost' = 'are lost'): Outcome {
  const all = chunks.map((chunk) => sieve.sift(chunk, messages));
  const passed = Buffer.concat(all.flatMap(({ passing }) => passing)).toString('latin1');
  return { passed, lost: all.reduce((sum, { lost }) => sum + lost, 0) };
}

const bytesOf = (frames: readonly string[]): Buffer => Buffer.from(frames.join(''));

describe.each(Object.entries(STREAMS))('Of %s, a sieve', (_, frames) => {
  const stream = bytesOf(frames.map(([, frame]) => frame));
  const kept = bytesOf(frames.flatMap(([fate, frame]) => (fate === 'passes' ? [frame] : []))).toString('latin1');
  const lost = frames.filter(([fate]) => fate === 'is lost').length;

  it('loses messages and nothing else, wherever the bytes are split', () => {
    for (let at = 0; at < stream.length; at++) {
      const chunks = [stream.subarray(0, at), stream.subarray(at)];
      expect({ at, ...sifted(new MessageSieve(), chunks) }).toEqual({ at, passed: kept, lost });
    }
  });

  it.each([1, 2, 3, 5, 17])('does so in pieces of %d bytes', (size) => {
    const chunks = Array.from({ length: Math.ceil(stream.length / size) }, (_each, index) =>
      stream.subarray(index * size, (index + 1) * size),
    );
    expect(sifted(new MessageSieve(), chunks)).toEqual({ passed: kept, lost });
  });

  it('lets everything by at once as long as nothing is to be lost', () => {
    const sieve = new MessageSieve();
    for (let at = 0; at < stream.length; at++) {
      const byte = stream.subarray(at, at + 1);
      expect(sifted(sieve, [byte], 'pass')).toEqual({ passed: byte.toString('latin1'), lost: 0 });
    }
  });
});

describe('A sieve', () => {
  const message = words('*', 'message', 'c', 'news');

  it('lets a message by whole that began before messages were to be lost, and loses one whole that began before they pass', () => {
    for (let at = 1; at < message.length; at++) {
      const [begun, rest] = [Buffer.from(message.slice(0, at)), Buffer.from(`${message.slice(at)}+OK\r\n`)];
      const sieve = new MessageSieve();
      sifted(sieve, [Buffer.from(SUBSCRIBED)]);
      expect(sifted(sieve, [begun], 'pass').passed + sifted(sieve, [rest]).passed).toBe(`${message}+OK\r\n`);
      expect(sifted(sieve, [begun]).passed + sifted(sieve, [rest], 'pass').passed).toBe('+OK\r\n');
    }
  });

  it('keeps nothing back but the beginning of what may be a message', () => {
    const sieve = new MessageSieve();
    for (const [piece, passed] of [
      ['*3\r\n$', ''],
      ['5', '*3\r\n$5'],
      ['\r\nwor', '\r\nwor'],
      [`ds\r\n+${'x'.repeat(999)}`, `ds\r\n+${'x'.repeat(999)}`],
      ['\r\n_\r\n$9', '\r\n_\r\n$9'],
    ] as const) {
      expect(sifted(sieve, [Buffer.from(piece)]).passed).toBe(passed);
    }
    expect(sieve.rest()).toEqual([]);
  });

  it('gives what it kept back when nothing comes any more', () => {
    const sieve = new MessageSieve();
    expect(sifted(sieve, [Buffer.from(`+OK\r\n*3\r\n`), Buffer.from('$7\r')]).passed).toBe('+OK\r\n');
    expect(Buffer.concat(sieve.rest()).toString()).toBe('*3\r\n$7\r');
    expect(sieve.rest()).toEqual([]);
  });

  it.each([
    ['from the first byte on', 'HTTP/1.1 200\r\n'],
    ['after a frame', '+OK\r\nwhat?'],
    ['where a message would be', '*3\r\n$7\r\nmassage\r\nx'],
    ['in a header', `${SUBSCRIBED}*3\r\n$7x`],
  ])('lets by as it is what Redis never sends, and all after it: %s', (_, garbage) => {
    for (let at = 0; at <= garbage.length; at++) {
      const chunks = [garbage.slice(0, at), garbage.slice(at), message].map((piece) => Buffer.from(piece));
      expect({ at, ...sifted(new MessageSieve(), chunks) }).toEqual({ at, passed: `${garbage}${message}`, lost: 0 });
    }
  });

  it('loses no more of a message from where that is none any more', () => {
    const sieve = new MessageSieve();
    const chunks = [SUBSCRIBED, '*3\r\n$7\r\nmessage\r\n', 'what?', message].map((piece) => Buffer.from(piece));
    expect(sifted(sieve, chunks).passed).toBe(`${SUBSCRIBED}what?${message}`);
  });
});
