/** One invalidation, with its place in the order of its bucket. */
export type Invalidation =
  | { readonly kind: 'key' | 'tag'; readonly sid: string; readonly n: number; readonly name: string }
  | { readonly kind: 'all'; readonly sid: string; readonly n: number };

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
const INVALIDATION = new RegExp(String.raw`^1\|([kt])\|${SID}\|(\d{1,15})\|${NAME}$`);
const ALL = new RegExp(String.raw`^1\|c\|${SID}\|(\d{1,15})\|$`);
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
      return `1|c|${message.sid}|${message.n}|`;
    default:
      return `1|${message.kind === 'key' ? 'k' : 't'}|${message.sid}|${message.n}|${message.name}`;
  }
}

function parseInvalidation(text: string): Invalidation | undefined {
  const [, kind, sid, n, name] = INVALIDATION.exec(text) ?? [];
  if (sid === undefined || name === undefined) return undefined;
  return { kind: kind === 'k' ? 'key' : 'tag', sid, n: Number(n), name };
}

function parseAll(text: string): Invalidation | undefined {
  const [, sid, n] = ALL.exec(text) ?? [];
  return sid === undefined ? undefined : { kind: 'all', sid, n: Number(n) };
}

function parseWake(text: string): Wake | undefined {
  const [, reason, name] = WAKE.exec(text) ?? [];
  const known = REASONS.find((one) => one === reason);
  return known === undefined || name === undefined ? undefined : { kind: 'wake', reason: known, name };
}
