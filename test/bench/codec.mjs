/**
 * What a value costs on the wire: bytes, and nanoseconds to write and to read it, for each way of writing that was thought of.
 *
 *   npm run build && node test/bench/codec.mjs [--msgpackr <folder with node_modules/msgpackr>] [--rounds 9]
 *
 * Run by hand; no test looks at the figures. They are those of the best round, a round taking about 20 ms. The ratios compare
 * with `JSON.stringify` into a Buffer and `JSON.parse` out of one, whether or not JSON keeps the value: the last column tells.
 */
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import v8 from 'node:v8';
import { decodeValue, encodeValue } from '../../dist/esm/wire/value-codec.js';
import { decodeBinary, encodeBinary } from './codec/binary.mjs';
import { report } from './report.mjs';
import { samples } from './codec/samples.mjs';

const { values: options } = parseArgs({
  options: { msgpackr: { type: 'string' }, rounds: { type: 'string', default: '9' } },
});
const ROUND_MS = 20;

const codecs = [
  {
    name: 'JSON alone',
    encode: (value) => Buffer.from(JSON.stringify(value, bigIntsAsText)),
    encodePlain: (value) => Buffer.from(JSON.stringify(value)),
    decode: (bytes) => JSON.parse(bytes.toString()),
  },
  { name: 'ours', encode: (value) => encodeValue(value), decode: (bytes) => decodeValue(bytes) },
  { name: 'node:v8', encode: (value) => v8.serialize(value), decode: (bytes) => v8.deserialize(bytes) },
  { name: 'own binary', encode: encodeBinary, decode: decodeBinary },
  ...msgpackrCodecs(),
];

for (const { name, value } of samples()) {
  const rows = codecs.map((codec) => measure(codec, value));
  const [json] = rows;
  report(`\n${name}\n${line(['', 'bytes', 'encode ns', 'ratio', 'decode ns', 'ratio', 'kept'])}`);
  for (const row of rows) {
    const ratios = { encode: row.encodeNs / json.encodeNs, decode: row.decodeNs / json.decodeNs };
    report(
      line([
        row.name,
        row.bytes,
        row.encodeNs.toFixed(0),
        ratios.encode.toFixed(2),
        row.decodeNs.toFixed(0),
        ratios.decode.toFixed(2),
        row.kept ? 'yes' : 'no',
      ]),
    );
  }
}

function measure({ name, encode, encodePlain = encode, decode }, value) {
  const write = canWrite(encodePlain, value) ? encodePlain : encode;
  const bytes = write(value);
  return {
    name,
    bytes: bytes.length,
    encodeNs: bestOf(() => write(value)),
    decodeNs: bestOf(() => decode(bytes)),
    kept: isDeepStrictEqual(decode(bytes), value),
  };
}

function canWrite(encode, value) {
  try {
    encode(value);
    return true;
  } catch {
    return false;
  }
}

/** Nanoseconds per call in the quickest round. */
function bestOf(call) {
  let calls = 1;
  while (timeOf(call, calls) < ROUND_MS) calls *= 2;
  const times = Array.from({ length: Number(options.rounds) }, () => timeOf(call, calls));
  return (Math.min(...times) * 1e6) / calls;
}

function timeOf(call, calls) {
  const begin = performance.now();
  for (let done = 0; done < calls; done++) call();
  return performance.now() - begin;
}

/** It is no dependency of ours: who wants to compare installs it elsewhere and names the folder. */
function msgpackrCodecs() {
  if (options.msgpackr === undefined) return [];
  const { Packr } = createRequire(join(resolve(options.msgpackr), 'index.js'))('msgpackr');
  return [
    ['msgpackr', { moreTypes: true, useRecords: false }],
    ['msgpackr with records', { moreTypes: true, useRecords: true }],
  ].map(([name, settings]) => {
    const packr = new Packr(settings);
    return { name, encode: (value) => packr.pack(value), decode: (bytes) => packr.unpack(bytes) };
  });
}

function bigIntsAsText(_name, value) {
  return typeof value === 'bigint' ? String(value) : value;
}

function line(cells) {
  return `${cells.map((cell, column) => (column === 0 ? String(cell).padEnd(24) : String(cell).padStart(10))).join('')}\n`;
}
