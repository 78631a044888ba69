// Shows hazards on one cache, so many times each and so many side by side: `play.mjs contestant times side hazard…`.
// Every verdict is sent to whoever started it.
import { RedisServer } from './built.mjs';
import { ClusterPlace } from './cluster.mjs';
import { Stage } from './stage.mjs';
import { limited } from './time.mjs';

const ATTEMPTS = 3;
const [name, times, side, ...files] = process.argv.slice(2);
const contestant = { ...(await import(`./contestants/${name}.mjs`)), name };
const redis = await RedisServer.start();
let cluster;
/** Started with the first hazard that asks for it. */
const shared = { redis, cluster: () => (cluster ??= ClusterPlace.start()) };

process.on('disconnect', () => process.exit(1));
// Some leave one behind when their connection is cut; it must not end what is shown beside it. Ours must not.
process.on('unhandledRejection', (reason) => {
  if (name === 'layercache') throw reason;
});

await Promise.all(Array.from({ length: Number(side) }, work));
process.disconnect();
process.exit();

async function work() {
  for (let file = files.shift(); file !== undefined; file = files.shift()) await repeat(file);
}

async function repeat(file) {
  const hazard = await import(`./scripts/${file}`);
  for (let n = 1; n <= Number(times); n++) {
    const verdict = await judge(hazard);
    await new Promise((sent) => process.send({ file, ...verdict }, sent));
  }
}

async function judge(hazard) {
  const lacks = (hazard.needs ?? []).filter((feature) => !contestant.features.includes(feature));
  if (lacks.length > 0) return { verdict: 'n/a', text: `no ${lacks.join(', no ')}` };
  let verdict = await shown(hazard);
  // Nothing was seen, because what it needs did not come about, as on a machine that is too busy: it is tried again.
  for (let n = 1; n < ATTEMPTS && verdict.verdict === 'broken'; n++) verdict = await shown(hazard);
  return verdict;
}

async function shown({ show }) {
  const stage = new Stage(contestant, shared);
  try {
    const complaint = await limited(show(stage), 45_000);
    return complaint === undefined ? { verdict: 'pass', text: '' } : { verdict: 'FAIL', text: complaint };
  } catch (error) {
    return { verdict: 'broken', text: String(error?.stack ?? error) };
  } finally {
    await stage.end();
  }
}
