import { HOUR } from '../options.mjs';

export const hazard = 'H32';
export const title = 'To invalidate a tag costs Redis the same for 10 entries and for 1,000';
export const needs = ['tags'];

export async function show(stage) {
  const server = await stage.server();
  const a = await stage.fresh(server);
  const [few, many] = [await costOf(10), await costOf(1_000)];
  return many <= few + 30 ? undefined : `${few} commands for 10, ${many} for 1,000`;

  async function costOf(entries) {
    const tags = [`of-${entries}`];
    const keys = Array.from({ length: entries }, (_, n) => `${entries}-${n}`);
    await Promise.all(keys.map((key) => a.getOrSet(key, () => key, { ...HOUR, tags })));
    await stage.settle();
    const before = await commands();
    await a.invalidateTags(...tags);
    await stage.settle();
    return (await commands()) - before;
  }

  async function commands() {
    const text = await server.command('INFO', 'commandstats');
    return [...text.matchAll(/^cmdstat_[^:]+:calls=(\d+)/gm)].reduce((sum, [, calls]) => sum + Number(calls), 0);
  }
}
