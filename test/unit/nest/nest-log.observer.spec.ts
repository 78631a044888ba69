import { beforeEach, describe, expect, it } from '@jest/globals';
import { InvalidationPendingError } from '../../../lib/core/errors.js';
import { NestLogObserver } from '../../../lib/nest/nest-log.observer.js';
import { ManualClock } from '../../../lib/testing/index.js';

describe('The log of what fails behind the callers', () => {
  let clock: ManualClock;
  let lines: string[];
  let log: NestLogObserver;

  beforeEach(() => {
    clock = new ManualClock();
    lines = [];
    log = new NestLogObserver({ error: (line: string) => void lines.push(line) }, clock);
  });

  it('says what the errors of this package say to their end', () => {
    const error = new InvalidationPendingError(new Error('connect ECONNREFUSED'));
    log.error('default', 'invalidateTags of Prices.change', error);
    expect(lines).toEqual([`cache 'default': invalidateTags of Prices.change: ${error.message}`]);
    expect(lines[0]).toMatch(/as soon as Redis can be told: connect ECONNREFUSED$/);
  });

  it('cuts what others say, which may be anything', () => {
    log.error('default', 'load', new Error(`${'x'.repeat(500)}\nsecret`));
    expect(lines[0]?.length).toBeLessThan(150);
    expect(lines[0]).not.toContain('secret');
  });

  it('says the same once a minute, and how often it was left out', async () => {
    for (let time = 0; time < 3; time++) log.error('default', 'load', new Error('boom'));
    await clock.advance(60_000);
    log.error('default', 'load', new Error('boom'));
    expect(lines).toEqual([
      "cache 'default': load: boom",
      "cache 'default': load: boom (and 2 more since the last line)",
    ]);
  });

  it('keeps caches and occasions apart', () => {
    log.error('default', 'load', new Error('boom'));
    log.error('default', 'refresh', new Error('boom'));
    log.error('catalog', 'load', new Error('boom'));
    expect(lines).toHaveLength(3);
  });
});
