import { describe, expect, it } from '@jest/globals';
import { formatMessage, type Message, parseMessage } from '../../../lib/coherence/message-codec.js';
import { nameOf } from '../../../lib/redis/keys.js';
import fc from '../../support/properties.js';

const SID = `1763636418000123-${'n'.repeat(15)}`;
const NONCE = 'n-_'.repeat(5);
const name = fc.string({ unit: 'binary', maxLength: 250 }).map(nameOf);
const n = fc.integer({ min: 0, max: 999_999_999_999_999 });
const reason = fc.constantFrom('stored' as const, 'refused' as const, 'nothing' as const, 'failed' as const);
const anyMessage: fc.Arbitrary<Exclude<Message, { kind: 'unknown' }>> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('key' as const, 'tag' as const),
    sid: fc.constant(SID),
    n,
    nonce: fc.constant(NONCE),
    name,
  }),
  fc.record({ kind: fc.constant('all' as const), sid: fc.constant(SID), n, nonce: fc.constant(NONCE) }),
  fc.record({ kind: fc.constant('wake' as const), reason, name }),
);

describe('A message', () => {
  it('is read as it was written', () => {
    expect(() =>
      fc.assert(
        fc.property(anyMessage, (message) => {
          expect(parseMessage(formatMessage(message))).toEqual(message);
        }),
        { numRuns: 2_000 },
      ),
    ).not.toThrow();
  });

  it.each([
    '',
    '1',
    '2|c|sid|1|',
    `2|c|${SID}|1|${NONCE}|`,
    `1|c|${SID}|1|${NONCE}`,
    `1|c|${SID}|1|`,
    `1|k|${SID}|1|k:a`,
    `1|k|${SID}|1|${NONCE}n|k:a`,
    `1|c|${SID}|1|${NONCE}|k:more`,
    `1|c|${SID}|-1|${NONCE}|`,
    `1|c|${SID}|1e3|${NONCE}|`,
    `1|c|${SID}|9007199254740993|${NONCE}|`,
    `1|c|${SID}|1|${NONCE}|\n`,
    `1|c|x${SID}|1|${NONCE}|`,
    `1|x|${SID}|1|${NONCE}|k:a`,
    `1|k|${SID}|1|${NONCE}|`,
    `1|k|${SID}|1|${NONCE}|a`,
    `1|k|${SID}|1|${NONCE}|k:a b`,
    `1|k|${SID}|1|${NONCE}|k:${'a'.repeat(201)}`,
    `1|k|${SID}|1|${NONCE}|h:short`,
    `1|k|${SID}|1|${NONCE}|k:a\n`,
    '1|w|__proto__|k:a',
    '1|w|stored|',
    '1|w|stored',
    'x'.repeat(10_000_000),
    `1|k|${'1'.repeat(10_000_000)}`,
  ])('that no script of ours writes is unknown (%#)', (text) => {
    expect(parseMessage(text)).toEqual({ kind: 'unknown' });
  });

  it('changed in any way is another or unknown, and never an error', () => {
    const changed = fc.tuple(anyMessage.map(formatMessage), fc.nat(500), fc.string({ unit: 'binary', maxLength: 3 }));
    expect(() =>
      fc.assert(
        fc.property(changed, ([text, at, piece]) => {
          const other = text.slice(0, at) + piece + text.slice(at + 1);
          const message = parseMessage(other);
          return message.kind === 'unknown' || formatMessage(message) === other.replace(/\|0+(?=\d+\|)/, '|');
        }),
        { numRuns: 10_000 },
      ),
    ).not.toThrow();
  });
});
