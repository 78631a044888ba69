import { Row } from '../row.mjs';

export const hazard = 'H8';
export const title = 'An invalidated value does not come back when the source fails';
export const needs = ['tags', 'old values'];

export async function show(stage) {
  const [a, b] = await stage.openTwo();
  const row = new Row();
  const options = { ttl: 60_000, onError: 3_600_000, tags: ['tag'] };
  await stage.keep(a, row, options);
  row.change();
  await b.invalidateTags('tag');
  await stage.settle();
  const fails = () => Promise.reject(new Error('the source is down'));
  const read = await a.getOrSet('key', fails, options).catch(() => 'the error');
  return read === 'the error' ? undefined : 'the value that its tag had ended is served again';
}
