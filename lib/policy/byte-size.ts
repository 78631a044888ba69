/** A number of bytes: a bare number, or a text with its unit (1 kb is 1,024 bytes), as in `'512kb'`, `'64mb'`, `'2gb'`. */
export type ByteSize = number | `${number}${'kb' | 'mb' | 'gb'}`;

const UNITS: Readonly<Record<string, number>> = { kb: 2 ** 10, mb: 2 ** 20, gb: 2 ** 30 };
const TEXT = /^(\d+(?:\.\d+)?)(kb|mb|gb)$/;

/** What a size looks like, for messages. */
export const BYTE_SIZE_FORM = "a number of bytes above 0, or a text such as '512kb', '64mb', '2gb'";

/** Whole bytes above 0, or undefined for what is no size. */
export function parseByteSize(given: unknown): number | undefined {
  const parts = typeof given === 'string' ? TEXT.exec(given) : null;
  const bytes = parts === null ? given : Math.floor(Number(parts[1]) * (UNITS[parts[2] as string] as number));
  return Number.isSafeInteger(bytes) && (bytes as number) > 0 ? (bytes as number) : undefined;
}
