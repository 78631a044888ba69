import { progress } from './report.mjs';
import { runTrial } from './trial.mjs';

/**
 * Runs every measurement once per round, each in a process of its own. A machine that is busy for a while slows one round
 * of all of them instead of all rounds of one. A round is a map from the measurement's identity to its figures.
 */
export async function runRounds(measurements, { rounds, extent }) {
  const distinct = new Map(measurements.map((measurement) => [identityOf(measurement), measurement]));
  const results = [];
  for (let round = 1; round <= rounds; round++) {
    const figures = {};
    let done = 0;
    for (const [identity, measurement] of distinct) {
      progress(`round ${round} of ${rounds}: ${++done} of ${distinct.size}, ${identity}\n`);
      figures[identity] = await runTrial({ ...measurement, ...extent });
    }
    results.push(figures);
  }
  return results;
}

/** Measurements that rows have in common are made once. */
export function identityOf({ subject, kind, tagged = false, disturbed = false, measured, against }) {
  if (measured !== undefined)
    return [kind, ...Object.values(measured), 'against', ...Object.values(against)].join(' | ');
  if (subject === undefined) return kind;
  return [kind, subject, tagged ? 'two tags' : 'no tags', disturbed ? 'disturbed' : 'quiet'].join(' | ');
}
