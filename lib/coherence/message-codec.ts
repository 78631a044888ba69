/** One invalidation, with its place in the order of its bucket. */
export type Invalidation = Announced &
  ({ readonly kind: 'key' | 'tag'; readonly name: string } | { readonly kind: 'all' });

interface Announced {
  readonly sid: string;
  readonly n: number;
  /** By which whoever made it knows that it is his. */
  readonly nonce: string;
}

/** A load is over for which others wait. */
export interface Wake {
  readonly kind: 'wake';
  readonly reason: WakeReason;
  readonly name: string;
}

/**
 * Why: its result is in Redis · Redis refused it, or it was invalidated · it was nothing to share, so that each loads for
 * himself · it failed.
 */
export type WakeReason = (typeof REASONS)[number];

/** No message of ours, or of a release that is not known here. Who gets one of these knows only that he missed something. */
export interface Unknown {
  readonly kind: 'unknown';
}

export type Message = Invalidation | Wake | Unknown;

const REASONS = ['stored', 'refused', 'nothing', 'failed'] as const;
const LONGEST = 400;
const NAME = String.raw`(k:[!-~]{0,200}|[hu]:[\w-]{43})`;
const SID = String.raw`(?=.{32}\|)(\d+-[\w-]+)`;
const NONCE = String.raw`([\w-]{15})`;
const INVALIDATION = new RegExp(String.raw`^1\|([kt])\|${SID}\|(\d{1,15})\|${NONCE}\|${NAME}$`);
const ALL = new RegExp(String.raw`^1\|c\|${SID}\|(\d{1,15})\|${NONCE}\|$`);
const WAKE = new RegExp(String.raw`^1\|w\|(${REASONS.join('|')})\|${NAME}$`);
const UNKNOWN: Unknown = { kind: 'unknown' };

/** Anybody who may publish may have written it: whatever it is, this returns. */
export function parseMessage(text: string): Message {
  if (text.length > LONGEST) return UNKNOWN;
  return parseInvalidation(text) ?? parseAll(text) ?? parseWake(text) ?? UNKNOWN;
}

export function formatMessage(message: Invalidation | Wake): string {
  switch (message.kind) {
    case 'wake':
      return `1|w|${message.reason}|${message.name}`;
    case 'all':
      return `1|c|${message.sid}|${message.n}|${message.nonce}|`;
    default:
      return `1|${message.kind === 'key' ? 'k' : 't'}|${message.sid}|${message.n}|${message.nonce}|${message.name}`;
  }
}

function parseInvalidation(text: string): Invalidation | undefined {
  const [, kind, sid, n, nonce, name] = INVALIDATION.exec(text) ?? [];
  if (sid === undefined || nonce === undefined || name === undefined) return undefined;
  return { kind: kind === 'k' ? 'key' : 'tag', sid, n: Number(n), nonce, name };
}

function parseAll(text: string): Invalidation | undefined {
  const [, sid, n, nonce] = ALL.exec(text) ?? [];
  return sid === undefined || nonce === undefined ? undefined : { kind: 'all', sid, n: Number(n), nonce };
}

function parseWake(text: string): Wake | undefined {
  const [, reason, name] = WAKE.exec(text) ?? [];
  const known = REASONS.find((one) => one === reason);
  return known === undefined || name === undefined ? undefined : { kind: 'wake', reason: known, name };
}
