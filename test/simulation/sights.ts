import { FAULT_KINDS } from './fault-kinds.js';
import { SCRIPT_BRANCHES } from './script-branches.js';

/** Only a value of somebody else's leads to it. */
const FOREIGN = 'acquire WON from one without end';
const BRANCHES = SCRIPT_BRANCHES.filter((branch) => branch !== FOREIGN);

const EVENTS = [
  'error far copy',
  'error far delete',
  'error far get',
  'error far set',
  'error invalidation owed',
  'error redis connection',
  'error redis lease',
  'error redis read',
  'error redis store',
  'error refresh',
  'evicts count',
  'evicts expired',
  'evicts invalidated',
  'hit far',
  'hit memory',
  'hit redis',
  'load abandoned',
  'load failed',
  'load negative',
  'load overtaken',
  'load skipped',
  'load stored',
  'load timeout',
  'negative hit memory',
  'negative hit redis',
  'refresh ahead',
  'refresh stale',
  'stale hit load-failed',
  'stale hit load-slow',
  'stale hit revalidating',
  'stale hit too-many-loads',
  'warns',
];

const LINK = [
  'connected',
  'disconnected',
  'failed',
  'hears c',
  'hears k',
  'hears t',
  'hears w failed',
  'hears w nothing',
  'hears w refused',
  'hears w stored',
  'reconnect',
  'resubscribe',
  'subscribed',
  'unsubscribed',
];

const NETWORK = ['answers late', 'message astray', 'message lost'];
const DOUBLED = ['acquire', 'clear', 'fence', 'heartbeat', 'invalidate-key', 'invalidate-tags', 'release', 'renew'];

/** What every test run has to have met with, or it says less than it seems to. */
export const SIGHTS: readonly string[] = [
  ...BRANCHES.map((branch) => `script ${branch}`),
  ...EVENTS.map((event) => `cache ${event}`),
  ...LINK.map((event) => `link ${event}`),
  ...NETWORK.map((event) => `network ${event}`),
  ...DOUBLED.map((script) => `network doubles ${script}`),
  ...FAULT_KINDS.map((kind) => `fault ${kind}`),
  ...['answered by memory', 'answered by own', 'answered by joined'],
  ...['invalidation acknowledged', 'invalidation rejected LAYERCACHE_INVALIDATION_PENDING'],
  ...['read fails CallerLeft', 'read fails LoadTimeoutError', 'read fails SourceFailure'],
  ...['patience ends', 'owed invalidation is told', 'memory serves while cut off'],
  ...['within the bound', 'cut off'].map((how) => `old value is allowed (memory, ${how})`),
];
