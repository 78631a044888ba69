import { identityOf } from './rounds.mjs';
import { median, spread } from './statistics.mjs';

/** In the order in which a hit grows from lru-cache's into ours. Each is compared with the step it builds on. */
const STEPS = [
  { step: 'get', name: 'lru-cache get, in an async function' },
  { step: 'peek', name: 'lru-cache peek, in an async function', after: 'get' },
  { step: 'clock', name: '+ one clock read', after: 'peek' },
  { step: 'entry', name: '+ an entry around the value', after: 'clock' },
  { step: 'promisePerHit', name: 'a new promise per hit in place of the async function', after: 'entry' },
  { step: 'promiseKept', name: 'the promise kept by the entry instead', after: 'promisePerHit' },
  { step: 'ledger', name: '+ comparison with the ledger', after: 'promiseKept' },
  { step: 'recency', name: '+ recency, told rarely', after: 'ledger' },
  { step: 'silentObserver', name: '+ count of hits, and an observer slot that is empty', after: 'recency' },
  { step: 'listeningObserver', name: '+ an observer with hit', after: 'silentObserver' },
  { step: 'engineGet', name: 'the engine: get', after: 'silentObserver' },
  { step: 'engineGetOrSet', name: 'the engine: getOrSet', after: 'engineGet' },
  { step: 'engineObserved', name: 'the engine: getOrSet, with an observer with hit', after: 'engineGetOrSet' },
];

export function measurementsOf() {
  return STEPS.map(({ step }) => measurementOf(step));
}

/** What each step takes, and what it takes more than the one it builds on within the same round. */
export function summarize(rounds) {
  return STEPS.map(({ step, name, after }, position) => ({
    name: `${position + 1}. ${name}${after === undefined ? '' : ` (against ${numberOf(after)})`}`,
    ns: median(rounds.map((round) => nsOf(round, step))),
    difference: after === undefined ? undefined : spread(rounds.map((round) => nsOf(round, step) - nsOf(round, after))),
  }));
}

function numberOf(step) {
  return STEPS.findIndex((other) => other.step === step) + 1;
}

function measurementOf(step) {
  return { kind: 'time', subject: `breakdown/steps.mjs#${step}` };
}

function nsOf(round, step) {
  return round[identityOf(measurementOf(step))].ns;
}
