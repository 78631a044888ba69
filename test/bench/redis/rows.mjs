const OURS = ['nestjs-layercache', 'contestants/redis/layercache.mjs'];
const OURS_CALL_OPTIONS = [
  'nestjs-layercache, tags given with each call',
  'contestants/redis/layercache-call-options.mjs',
];
const LAYERED_LOADER = ['layered-loader', 'contestants/redis/layered-loader.mjs'];
const ASYNC_CACHE_DEDUPE = ['async-cache-dedupe', 'contestants/redis/async-cache-dedupe.mjs'];
const BENTOCACHE = ['bentocache', 'contestants/redis/bentocache.mjs'];
const BARE = { subject: 'contestants/redis/ioredis.mjs' };

const BY_THE_CLOCK = [
  { head: 'by the clock', figure: 'clockRatio', digits: 2 },
  { head: 'µs', figure: 'clock', digits: 1 },
  { head: 'its baseline', figure: 'clockBaseline', digits: 1 },
  { head: 'commands', figure: 'commands', digits: 3 },
];

/** What Redis has a part in. Those of one id show different figures of the same measurements. */
export const REDIS_ROWS = [
  {
    id: 'P4',
    title: 'a hit in Redis, 64 readers at once, against an autopipelined GET and JSON.parse, in processor time',
    unit: 'µs per read',
    digits: 1,
    atMost: 1.3,
    besides: BY_THE_CLOCK,
    lines: [OURS, LAYERED_LOADER, ASYNC_CACHE_DEDUPE, BENTOCACHE].map((contestant) => readLine(contestant)),
  },
  {
    id: 'P4',
    title: 'the same with two tags that are declared, and that all entries share',
    unit: 'µs per read',
    digits: 1,
    atMost: 1.6,
    besides: BY_THE_CLOCK,
    lines: [OURS, ASYNC_CACHE_DEDUPE, BENTOCACHE].map((contestant) => readLine(contestant, 'shared')),
  },
  {
    id: 'P4',
    title: "the same with two tags, one of them the entry's own",
    unit: 'µs per read',
    digits: 1,
    besides: BY_THE_CLOCK,
    lines: [OURS_CALL_OPTIONS, ASYNC_CACHE_DEDUPE, BENTOCACHE].map((contestant) => readLine(contestant, 'own')),
  },
  {
    id: 'P4',
    title: 'commands that Redis runs for each of these reads',
    unit: 'commands',
    digits: 3,
    atMost: 1,
    lines: [
      { ...readLine(OURS, 'shared'), name: 'nestjs-layercache, two tags' },
      { ...readLine(OURS), name: 'nestjs-layercache, no tags' },
      { ...readLine(OURS_CALL_OPTIONS, 'own'), name: 'nestjs-layercache, two tags, one of them its own' },
    ].map(({ name, paired }) => ({ name, alone: paired, figure: 'commands' })),
  },
  {
    id: 'P5',
    title: 'invalidateTags of a tag that many entries carry, against one that 10 carry',
    unit: 'µs',
    digits: 1,
    atMost: 1.2,
    besides: [
      { head: 'entries', figure: 'entries', digits: 0 },
      { head: 'run by its script', figure: 'run', digits: 2 },
    ],
    lines: ['most', 10_000].map(invalidationLine),
  },
  {
    id: 'P5',
    title: 'commands sent for each, one after the other: its round trips',
    unit: 'commands',
    digits: 2,
    atMost: 1,
    lines: ['most', 10_000].map(invalidationLine).map(({ name, paired }) => ({ name, alone: paired, figure: 'sent' })),
  },
  {
    id: 'P7',
    title: 'a cold key that 500 callers in each of 8 processes ask for at once',
    unit: 'loads per key',
    digits: 3,
    atMost: 1,
    lines: [coldLine('nestjs-layercache', 'loads')],
  },
  {
    id: 'P7',
    title: 'from the end of its load until the last of the callers in a process is answered',
    unit: 'ms',
    digits: 2,
    atMost: 10,
    lines: [
      coldLine('another process than the one that loads, 99th of 100', 'p99'),
      coldLine('another process, median', 'median'),
      coldLine('the process that loads, median', 'ownMedian'),
    ],
  },
];

function readLine([name, subject], tags) {
  return { name, paired: { kind: 'reads', measured: { subject, ...(tags && { tags }) }, against: BARE } };
}

function invalidationLine(entries) {
  const many = entries === 'most' ? '1,000,000 entries, with --quick 100,000' : '10,000 entries';
  return {
    name: `nestjs-layercache, ${many}`,
    paired: { kind: 'invalidations', measured: { entries }, against: { entries: 10 } },
  };
}

function coldLine(name, figure) {
  return { name, alone: { kind: 'cold' }, figure };
}
