import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { Complaints } from '../../../lib/redis/complaints.js';
import { RedisLinkError } from '../../../lib/redis/link-error.js';
import { ManualClock } from '../../../lib/testing/manual-clock.js';

function replyError(message: string, command: string): Error {
  return Object.assign(new Error(message), { command: { name: command, args: ['canary'] } });
}

describe('Complaints', () => {
  it('tell each failure once a minute', async () => {
    const clock = new ManualClock();
    const told: string[] = [];
    const complaints = new Complaints(clock, ({ message }) => told.push(message));
    const add = (...messages: readonly string[]): void => messages.forEach((each) => complaints.add(new Error(each)));
    add('a', 'b', 'a');
    await clock.advance(59_999);
    add('a');
    await clock.advance(1);
    add('a', 'a');
    expect(told).toEqual(['a', 'b', 'a']);
  });

  it('do not remember without end', () => {
    const told: string[] = [];
    const complaints = new Complaints(new ManualClock(), ({ message }) => told.push(message));
    for (let number = 0; number < 1_000; number++) complaints.add(new Error(String(number)));
    complaints.add(new Error('0'));
    expect(told).toHaveLength(1_001);
  });
});

describe('The error of a link', () => {
  it.each<[unknown, string, string | undefined]>([
    [replyError('READONLY You cannot write', 'evalsha'), 'READONLY You cannot write', 'READONLY'],
    [
      replyError("ERR unknown command 'AUTH', with args beginning with: 'canary'", 'auth'),
      "ERR unknown command 'AUTH'",
      'ERR',
    ],
    [
      replyError('ERR unknown command `HELLO`, with args beginning with: `3` `AUTH` \n`canary`', 'hello'),
      'ERR unknown command `HELLO`',
      'ERR',
    ],
    [
      Object.assign(new Error('connect ECONNREFUSED ::1:1'), { code: 'ECONNREFUSED' }),
      'connect ECONNREFUSED ::1:1',
      'ECONNREFUSED',
    ],
    [
      Object.assign(new AggregateError([new Error('a'), new Error('b')]), { code: 'ECONNREFUSED' }),
      'a; b',
      'ECONNREFUSED',
    ],
    [new Error('CLOSED by us'), 'CLOSED by us', undefined],
    [undefined, 'undefined', undefined],
    [new AggregateError(['canary '.repeat(0), 5]), "''; 5", undefined],
  ])('says what %p says, and nothing else', (thrown, message, code) => {
    const error = RedisLinkError.of(thrown);
    expect(error).toMatchObject({ name: 'RedisLinkError', message, code });
    expect(inspect(error, { showHidden: true })).not.toContain('canary');
    expect(RedisLinkError.of(error)).toBe(error);
  });

  it('stays on one line of 300 characters', () => {
    expect(RedisLinkError.of(new Error(`a\nb${'x'.repeat(400)}`)).message).toMatch(/^a\\u000abx+…$/);
    expect(RedisLinkError.of(new Error('x'.repeat(400))).message).toHaveLength(300);
  });
});
