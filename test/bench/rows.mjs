import { REDIS_ROWS } from './redis/rows.mjs';
import { identityOf } from './rounds.mjs';
import { median, spread } from './statistics.mjs';

const OURS = ['nestjs-layercache', 'contestants/layercache.mjs'];
const OURS_CLOSURES = ['nestjs-layercache, a closure per call', OURS[1]];
const OURS_ONE_LOADER = ['nestjs-layercache', 'contestants/layercache-one-loader.mjs'];
const OURS_CALL_OPTIONS = ['nestjs-layercache, tags given with each call', 'contestants/layercache-call-options.mjs'];
const OURS_DECORATED = ['nestjs-layercache, @Cached', 'contestants/layercache-decorated.mjs'];
const LRU_KEYS = ['lru-cache, a key built per call', 'contestants/lru-cache-keys.mjs'];
const LRU = ['lru-cache', 'contestants/lru-cache.mjs'];
const LRU_TTL = ['lru-cache with its own ttl', 'contestants/lru-cache-ttl.mjs'];
const LAYERED_LOADER = ['layered-loader', 'contestants/layered-loader.mjs'];
const ASYNC_CACHE_DEDUPE = ['async-cache-dedupe', 'contestants/async-cache-dedupe.mjs'];
const CACHIFIED = ['@epic-web/cachified', 'contestants/cachified.mjs'];
const CACHE_MANAGER = ['cache-manager', 'contestants/cache-manager.mjs'];
const CACHE_MANAGER_UNCLONED = ['cache-manager, by reference', 'contestants/cache-manager-by-reference.mjs'];
const CACHEABLE = ['cacheable', 'contestants/cacheable.mjs'];
const CACHEABLE_UNCLONED = ['cacheable, by reference', 'contestants/cacheable-by-reference.mjs'];
const CACHEABLE_TAGS = ['cacheable, by reference', 'contestants/cacheable-tags.mjs'];
const BENTOCACHE = ['bentocache', 'contestants/bentocache.mjs'];
const BENTOCACHE_UNSERIALIZED = ['bentocache, by reference', 'contestants/bentocache-by-reference.mjs'];

const PLATFORMS = ['express', 'fastify'];

const TAGGED = [OURS_CALL_OPTIONS, BENTOCACHE, BENTOCACHE_UNSERIALIZED, ASYNC_CACHE_DEDUPE, CACHEABLE_TAGS];

/** The targets are those of the design, for the first line of each row: the ratio at most, or at least, that is to be reached. */
const ROWS = [
  {
    id: 'P1',
    title: 'a hit in memory, against lru-cache get in an awaited async function',
    unit: 'ns per read',
    atMost: 1.4,
    lines: [
      OURS_ONE_LOADER,
      OURS_CLOSURES,
      LRU_TTL,
      LAYERED_LOADER,
      ASYNC_CACHE_DEDUPE,
      CACHE_MANAGER,
      CACHE_MANAGER_UNCLONED,
      CACHIFIED,
      CACHEABLE,
      CACHEABLE_UNCLONED,
      BENTOCACHE,
      BENTOCACHE_UNSERIALIZED,
    ].map(([name, subject]) => ({
      name,
      measured: { kind: 'time', subject },
      against: { kind: 'time', subject: LRU[1] },
      figure: 'ns',
    })),
  },
  {
    id: 'P2',
    title: 'the same through @Cached, with one text as argument, on a Nest provider',
    unit: 'ns per read',
    atMost: 1.8,
    lines: [OURS_DECORATED, LRU_KEYS].map(([name, subject]) => ({
      name,
      measured: { kind: 'time', subject },
      against: { kind: 'time', subject: LRU[1] },
      figure: 'ns',
    })),
  },
  {
    id: 'P3',
    title: 'a hit on an entry with two tags, against the same cache without tags',
    unit: 'ns per read',
    atMost: 1.1,
    lines: [OURS, ...TAGGED].map((contestant) => tagLine(contestant, { tagged: true })),
  },
  {
    id: 'P3b',
    title:
      'the same while a tag of others is invalidated every 1,000 reads, against the same cache without tags, quiet',
    unit: 'ns per read',
    atMost: 1.3,
    lines: [OURS, ...TAGGED].map((contestant) => tagLine(contestant, { tagged: true, disturbed: true })),
  },
  {
    id: 'P6',
    title: 'bytes per entry, key and value included, with two tags, against lru-cache',
    unit: 'bytes',
    atMost: 1.6,
    lines: [OURS, ...TAGGED].map((contestant) => heapLine(contestant, 'stored')),
  },
  {
    id: 'P6',
    title: 'the same after every entry was hit twice',
    unit: 'bytes',
    atMost: 1.6,
    lines: [OURS, ...TAGGED].map((contestant) => heapLine(contestant, 'hit')),
  },
  {
    id: 'P8',
    title: 'a @Cached route that hits memory, against the same route with a ready promise from a Map',
    unit: 'per second',
    atLeast: 0.9,
    lines: PLATFORMS.map((platform) =>
      routeLine(`nestjs-layercache on ${platform}`, {
        measured: { platform, route: 'cached', withModule: true },
        against: { platform, route: 'plain', withModule: false },
      }),
    ),
  },
  {
    id: 'P8b',
    title: 'an undecorated route of an application with the module, against one without it',
    unit: 'per second',
    atLeast: 0.98,
    lines: PLATFORMS.map((platform) =>
      routeLine(`nestjs-layercache on ${platform}`, {
        measured: { platform, route: 'plain', withModule: true },
        against: { platform, route: 'plain', withModule: false },
      }),
    ),
  },
  ...REDIS_ROWS,
];

export const ROW_IDS = [...new Set(ROWS.map(({ id }) => id))];

function routeLine(name, { measured, against }) {
  return { name, paired: { kind: 'routes', measured, against } };
}

function tagLine([name, subject], conditions) {
  return {
    name,
    measured: { kind: 'time', subject, ...conditions },
    against: { kind: 'time', subject },
    figure: 'ns',
  };
}

function heapLine([name, subject], figure) {
  return {
    name,
    measured: { kind: 'heap', subject, tagged: true },
    against: { kind: 'heap', subject: LRU[1] },
    figure,
  };
}

/** All that must be measured for some rows; what they have in common appears several times. */
export function measurementsOf(ids) {
  return chosen(ids).flatMap(({ lines }) =>
    lines.flatMap(({ paired, alone, against, measured }) => {
      const whole = paired ?? alone;
      return whole === undefined ? [against, measured] : [whole];
    }),
  );
}

/** The rows with their figures: ratios within each round first, then the middle of those. */
export function summarize(rounds, ids) {
  return chosen(ids).map(({ id, title, unit, digits = 0, atMost, atLeast, besides = [], lines }) => ({
    id,
    title,
    unit,
    digits,
    besides: besides.map(({ head }) => head),
    lines: lines.map((line, position) => {
      const figures = figuresOf(line, rounds);
      const verdict = position === 0 ? verdictOf(figures.ratio ?? figures.amounts, { atMost, atLeast }) : {};
      return {
        name: line.name,
        ...figures,
        besides: besides.map((column) => besideOf(line, column, rounds)),
        ...verdict,
      };
    }),
  }));
}

function verdictOf({ median: amount }, { atMost, atLeast }) {
  if (atMost !== undefined) return { target: atMost, reached: amount <= atMost };
  return atLeast === undefined ? {} : { target: atLeast, reached: amount >= atLeast };
}

function chosen(ids) {
  return ROWS.filter(({ id }) => ids.includes(id));
}

function figuresOf({ paired, alone, measured, against, figure }, rounds) {
  if (alone !== undefined) return { amounts: spread(rounds.map((round) => round[identityOf(alone)][figure])) };
  if (paired !== undefined) return pairedFigures(rounds.map((round) => round[identityOf(paired)]));
  const amounts = rounds.map((round) => round[identityOf(measured)][figure]);
  const baselines = rounds.map((round) => round[identityOf(against)][figure]);
  return {
    ratio: spread(amounts.map((amount, round) => amount / baselines[round])),
    amount: median(amounts),
    baseline: median(baselines),
  };
}

/** Of measurements that measured both sides by turns. */
function pairedFigures(pairs) {
  return {
    ratio: spread(pairs.map(({ ratio }) => ratio)),
    amount: median(pairs.map(({ amount }) => amount)),
    baseline: median(pairs.map(({ baseline }) => baseline)),
  };
}

/** What a measurement of both sides found out on its way. */
function besideOf({ paired }, { figure, digits }, rounds) {
  return { amount: median(rounds.map((round) => round[identityOf(paired)][figure])), digits };
}
