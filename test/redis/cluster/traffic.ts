import { expect } from '@jest/globals';
import { systemClock } from '../../../lib/core/clock.js';
import { InvalidationPendingError, messageOf } from '../../../lib/core/errors.js';
import { bucketOf } from '../../../lib/redis/keys.js';
import { until } from '../../support/redis/until.js';
import { allBuckets, BUCKETS, DETACHED_TTL, keyIn, type Member, STALE_BOUND } from './world.js';

const PAUSE = 5;
const KEYS_IN_EACH = 2;
/** Of so many calls of a user one invalidates. */
const ONE_IN = 10;

interface Acknowledged {
  readonly version: number;
  readonly by: Member;
  readonly at: number;
}

/** What the source has under a key, and what was acknowledged of its changes. */
interface Row {
  readonly key: string;
  version: number;
  readonly acknowledged: Acknowledged[];
}

/** Users who read and change, in all buckets and at each of some members, and an eye on what they are answered. */
export class Traffic {
  /** Reads that failed. */
  readonly failures: string[] = [];
  /** Answers that were older than they may be. */
  readonly broken: string[] = [];
  /** What invalidations said that did not succeed. */
  readonly refusals: Error[] = [];
  reads = 0;
  static readonly #all = new Set<Traffic>();
  readonly #members: readonly Member[];
  readonly #rows: readonly Row[] = allBuckets().flatMap((bucket) =>
    Array.from({ length: KEYS_IN_EACH }, () => ({ key: keyIn(bucket), version: 1, acknowledged: [] })),
  );
  #isOver = false;
  readonly #users: readonly Promise<void>[];

  constructor(...members: readonly Member[]) {
    this.#members = members;
    Traffic.#all.add(this);
    this.#users = members.flatMap((member) => [
      ...[0, 1, 2].map((user) => this.#read(member, user)),
      ...[0, 1, 2, 3].map((user) => this.#change(member, user)),
    ]);
  }

  /** However a test has ended. */
  static async endAll(): Promise<void> {
    await Promise.all([...Traffic.#all].map((traffic) => traffic.end()));
    Traffic.#all.clear();
  }

  /** Everybody comes to his end. */
  async end(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#users);
  }

  /** Keys of which somebody is answered with what is old. */
  async old(): Promise<readonly string[]> {
    const looks = this.#rows.flatMap((row) =>
      this.#members.map(async (member) => ((await this.#load(member, row)) < row.version ? [row.key] : [])),
    );
    return (await Promise.all(looks)).flat();
  }

  async #read(member: Member, user: number): Promise<void> {
    for (let turn = user; !this.#isOver; turn += 7) {
      const row = this.#rows[turn % this.#rows.length] as Row;
      const least = this.#leastOf(row, member);
      this.reads++;
      try {
        const version = await this.#load(member, row);
        if (version < least) this.broken.push(`${row.key}: ${version} in place of ${least}`);
      } catch (error) {
        this.failures.push(messageOf(error));
      }
      await pause();
    }
  }

  async #change(member: Member, user: number): Promise<void> {
    const rows = this.#rows.filter(({ key }) => bucketOf(key, BUCKETS) % 4 === user);
    for (let turn = 0; !this.#isOver; turn++) {
      const row = rows[turn % rows.length] as Row;
      const version = ++row.version;
      try {
        if (turn % ONE_IN === 0) await member.cache.invalidateTags(`of ${row.key}`);
        else await member.cache.delete(row.key);
        row.acknowledged.push({ version, by: member, at: systemClock.now() });
      } catch (error) {
        this.refusals.push(error as Error);
      }
      await pause();
    }
  }

  #load({ cache }: Member, row: Row): Promise<number> {
    return cache.getOrSet(row.key, () => Promise.resolve(row.version), { tags: [`of ${row.key}`] });
  }

  /** No read that begins now may be answered with less: at once of one's own, and else when all that was promised is over. */
  #leastOf({ acknowledged }: Row, reader: Member): number {
    const now = systemClock.now();
    const known = acknowledged.filter(({ by, at }) => by === reader || at < now - STALE_BOUND - DETACHED_TTL);
    return Math.max(0, ...known.map(({ version }) => version));
  }
}

/** The pace of a user. */
function pause(): Promise<void> {
  return new Promise((go) => {
    systemClock.after(PAUSE, go);
  });
}

/** Nobody was answered with what he may not be, no read has failed, and what could not be told at once is told. */
export async function expectHealth(traffic: Traffic): Promise<void> {
  await traffic.end();
  expect([traffic.failures, traffic.broken]).toEqual([[], []]);
  expect(traffic.refusals.filter((error) => !(error instanceof InvalidationPendingError))).toEqual([]);
  await until(async () => {
    const old = await traffic.old();
    return old.length > 0 ? `old: ${old.join(', ')}` : undefined;
  });
}

/** Until so many more have read. */
export function goneOn(traffic: Traffic, reads: number): Promise<void> {
  const enough = traffic.reads + reads;
  return until(() => Promise.resolve(traffic.reads < enough ? `${traffic.reads} have read` : undefined));
}
