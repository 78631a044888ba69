/** A length of time: a bare number is milliseconds, a text carries its unit, as in `'250ms'`, `'30s'`, `'5m'`, `'1.5h'`, `'7d'`. */
export type Duration = number | `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`;

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const TEXT = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;

/** What a duration looks like, for messages. */
export const DURATION_FORM = "milliseconds as a number, or a text such as '250ms', '30s', '5m', '2h', '1d'";

/** Milliseconds, or undefined for what is no duration or a negative one. */
export function parseDuration(given: unknown): number | undefined {
  if (typeof given === 'number') return Number.isFinite(given) && given >= 0 ? given : undefined;
  const parts = typeof given === 'string' ? TEXT.exec(given) : null;
  if (parts === null) return undefined;
  const ms = Number(parts[1]) * (UNITS[parts[2] as string] as number);
  return Number.isFinite(ms) ? ms : undefined;
}
