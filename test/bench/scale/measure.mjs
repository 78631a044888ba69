import { withCluster, withServers } from '../redis/server.mjs';
import { replyOf } from '../redis/child.mjs';
import { check } from './check.mjs';
import { Model } from './model.mjs';
import { Office } from './office.mjs';
import { fill, measureHeard, measureHits, measureIdle, measureOwn } from './process-costs.mjs';
import { measureCommands, measureConnections, measureFanOut, measureReplica, measureSizes } from './redis-costs.mjs';

/** One that never beats while it is measured. */
const LONG_BOUND = '10m';
/** As it is by default. */
const BOUND = '2s';
const BEATS = 1.5;
/** The last one is more than can be sent: it shows a Redis that does not rest. */
const RATES = [300, 2_000, 8_000];

/** Everything, one after the other, so that little runs beside what is measured. */
export function measureAll(start, tell) {
  return withServers(2, async ({ port }, replica) => {
    const office = await Office.open(port);
    const children = [];
    const child = async (file, options) => {
      const made = start(file, options);
      children.push(made);
      await replyOf(made);
      return made;
    };
    try {
      const crowd = await child('subscribers.mjs', {});
      const setting = { office, crowd, port };
      tell('what Redis spends on commands');
      const commands = await measureCommands(office);
      tell('… on connections and on those who listen');
      const connections = await measureConnections(setting);
      const fanOut = await measureFanOut(setting);
      const sizes = await measureSizes(setting);
      const replicated = await measureReplica({ ...setting, replica });
      tell('what a process spends');
      const at = { url: `redis://127.0.0.1:${port}` };
      const listener = await child('listener.mjs', { at, staleBound: LONG_BOUND });
      const idle = await withCluster(async ({ startupNodes }) => {
        const one = await child('listener.mjs', { at, staleBound: BOUND });
        const sixteen = await child('listener.mjs', { at: { cluster: startupNodes }, staleBound: BOUND });
        const [without, single, cluster] = await measureIdle([listener, one, sixteen]);
        for (const beating of [one, sixteen]) beating.kill('SIGKILL');
        return { without, single, cluster };
      });
      await fill(listener);
      const hits = await measureHits({ office, listener });
      const heard = await measureHeard({ office, listener });
      const own = await measureOwn({ listener });
      const costs = costsOf({ commands, fanOut, heard, own, idle });
      const model = new Model(costs);
      tell('whether it adds up');
      const checks = [];
      for (const rate of RATES) checks.push(await check({ ...setting, listener, model, costs, rate }));
      return { commands, connections, fanOut, sizes, replicated, idle, hits, heard, own, costs, checks };
    } finally {
      for (const one of children) one.kill('SIGKILL');
      office.close();
    }
  });
}

/** What the model works with. */
function costsOf({ commands, fanOut, heard, own, idle }) {
  const beat = commands.find(({ name }) => name.startsWith('fence +'));
  const beatHere = ((idle.single - idle.without) * 1e6) / BEATS;
  return { beat, fanOut, heard: heard[0], own: own[0], beatHere };
}
