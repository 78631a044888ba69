import { grid } from '../tables.mjs';
import { Model } from './model.mjs';

const PROCESSES = [10, 50, 100, 500];
const IDLE = {
  without: 'an idle process that does not beat',
  single: 'an idle process on one Redis',
  cluster: 'an idle process on a cluster, 16 buckets',
};
const RATES = [100, 1_000, 10_000, 50_000];

/** What was measured, and what follows from it, as text. */
export function tablesOf(result) {
  const model = new Model(result.costs);
  return [
    ['Redis, µs of its processor; one by one, and 32 in one turn of its loop', commandsTable(result)],
    ['Redis, µs for an invalidation of a key that so many connections hear', fanOutTable(result)],
    ['Redis, µs for each of 100 listeners, by the length of a message', sizesTable(result)],
    ['a process, µs of its processor', processTable(result)],
    ['a process, ns for a hit in memory on an entry with a tag', hitsTable(result)],
    ['40 processes, run and as the model has it: shares of one processor', checkTable(result)],
    ['the model: shares of one processor, one by one and together', modelTable(model)],
    ['invalidations a second that take up all of one Redis', wallTable(model)],
    ['each shard of a cluster of 3 and of 16, together', clusterTable(model)],
    [
      'entries that a process may use, if all were asked for at each heartbeat, for what messages cost Redis',
      askTable(model, result),
    ],
  ]
    .map(([title, table]) => `${title}\n${table}`)
    .join('\n');
}

function commandsTable({ commands, connections }) {
  const lines = commands.map(({ name, alone, among }) => [name, alone.toFixed(1), among.toFixed(1)]);
  const bytes = [connections.idle, connections.listening].map((number) => `${(number / 1_024).toFixed(1)} KB`);
  return `${grid([['', 'one by one', 'together'], ...lines])}memory of an idle connection: ${bytes[0]}; of one that listens: ${bytes[1]}\n`;
}

function fanOutTable({ fanOut: { rows, bytes, perListener }, replicated }) {
  const lines = rows.map(({ subscribers, alone, among }) => [String(subscribers), alone.toFixed(0), among.toFixed(1)]);
  lines.push(['500 at a replica', replicated.alone.toFixed(0), replicated.among.toFixed(1)]);
  const each = `each further listener: ${perListener.alone.toFixed(2)} and ${perListener.among.toFixed(2)} µs`;
  return `${grid([['listeners', 'one by one', 'together'], ...lines])}${each}; ${bytes.toFixed(0)} bytes\n`;
}

function sizesTable({ sizes }) {
  const lines = sizes.map(({ size, alone, among }) => [`${size} bytes`, alone.toFixed(2), among.toFixed(2)]);
  return grid([['', 'one by one', 'together'], ...lines]);
}

function processTable({ heard, own, costs, idle }) {
  return grid([
    ['', 'one by one', 'together'],
    ...heard.map(({ name, message, piece }) => [`hears of ${name}`, (message + piece).toFixed(1), message.toFixed(1)]),
    ...own.map(({ name, alone, among }) => [name, alone.toFixed(1), among.toFixed(1)]),
    ['a heartbeat of an idle process', costs.beatHere.toFixed(0), ''],
    ...['without', 'single', 'cluster'].map((way) => [IDLE[way], `${(idle[way] * 100).toFixed(2)} %`, '']),
  ]);
}

function hitsTable({ hits }) {
  return grid([['', 'ns'], ...hits.map(({ name, micros }) => [name, (micros * 1_000).toFixed(0)])]);
}

function checkTable({ checks }) {
  return grid([
    ['', 'per turn', 'Redis', 'predicted', 'a process', 'predicted'],
    ...checks.map(({ rate, perTurn, redis, process }) => [
      `${rate.toFixed(0)} a second`,
      perTurn.toFixed(1),
      ...[redis, process].flatMap(({ measured, predicted }) => [share(measured), share(predicted)]),
    ]),
  ]);
}

function modelTable(model) {
  const lines = PROCESSES.flatMap((processes) =>
    RATES.map((rate) => [
      `${processes} processes, ${rate} a second`,
      ...['alone', 'among'].map((figure) => share(model.redis(processes, rate, figure))),
      turnOf(model.turn(processes, rate)),
      ...['alone', 'among'].map((figure) => share(model.process(processes, rate, figure))),
      `${(model.bytes(processes, rate) / 1e6).toFixed(1)} MB/s`,
    ]),
  );
  return grid([['', 'Redis', 'together', 'a turn of it', 'a process', 'together', 'sent by Redis'], ...lines]);
}

function wallTable(model) {
  const lines = PROCESSES.map((processes) => [
    `${processes} processes`,
    ...['alone', 'among'].map((figure) => model.wall(processes, figure).toFixed(0)),
    `${((model.wall(processes, 'among') * processes) / 1e6).toFixed(2)} million`,
    ...['alone', 'among'].map((figure) => share(model.beatsOfRedis(processes, figure))),
  ]);
  return grid([['', 'one by one', 'together', 'messages', 'heartbeats', 'together'], ...lines]);
}

function clusterTable(model) {
  const lines = [
    [100, 1_000],
    [500, 1_000],
    [500, 10_000],
    [500, 50_000],
  ].map(([processes, invalidations]) => [
    `${processes} processes, ${invalidations} a second`,
    ...[3, 16].flatMap((shards) =>
      ['key', 'tag'].map((kind) => share(model.shard({ processes, invalidations, shards, kind }, 'among'))),
    ),
    share(model.shard({ processes, invalidations: 0, shards: 3, kind: 'key' }, 'among')),
  ]);
  return grid([['', '3: keys', 'tags', '16: keys', 'tags', '3: heartbeats'], ...lines]);
}

function askTable(model, { commands }) {
  const perRead = commands.find(({ name }) => name.startsWith('read of 64')).among / 64;
  const lines = PROCESSES.map((processes) => [
    `${processes} processes`,
    ...RATES.map((rate) => model.asking(processes, rate, perRead).toFixed(0)),
  ]);
  return grid([['', ...RATES.map((rate) => `${rate} a second`)], ...lines]);
}

function turnOf(ms) {
  return ms === undefined ? 'too much' : `${ms.toFixed(ms < 1 ? 2 : 1)} ms`;
}

function share(number) {
  return `${(number * 100).toFixed(number < 0.1 ? 2 : 0)} %`;
}
