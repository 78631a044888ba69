import { Row } from '../row.mjs';

const DAY = 86_400_000;
const LATER = 11 * DAY;

export const hazard = 'H15';
export const title = 'An invalidated value of 30 days is not back after 11';
export const needs = ['tags'];

export async function show(stage) {
  const [a, b] = await stage.openTwo();
  const row = new Row();
  const options = { ttl: 30 * DAY, tags: ['tag'] };
  await stage.keep(a, row, options);
  row.change();
  await b.invalidateTags('tag');
  for (const key of await stage.keys()) {
    const left = await stage.redis.command('PTTL', key);
    if (left < 0) continue;
    await (left > LATER ? stage.redis.command('PEXPIRE', key, left - LATER) : stage.redis.command('DEL', key));
  }
  const later = await stage.process({ clockShift: LATER });
  const read = await later.getOrSet('key', row.value, options);
  return read === row.value ? undefined : 'the record of the tag ends before the value, and the value is good again';
}
