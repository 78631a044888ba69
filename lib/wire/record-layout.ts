/**
 * Where things stand in the record of an entry. All numbers are unsigned and big-endian; instants and durations are whole
 * milliseconds in six bytes, which last until the year 10889.
 *
 *   head      0  magic `LC`
 *             2  format
 *             3  flags
 *             4  stamp, 12 printable ASCII characters
 *            16  born
 *            22  fresh until
 *            28  stale while revalidate
 *            34  stale if error
 *            40  load time
 *            46  number of tags, two bytes
 *   versions 48  32 ASCII characters for the epoch, and as many for each tag, in the order of the tags
 *   tail         each tag, then the key or its digest, as text fields; the value; CRC-32 of head and tail up to here
 *
 * A script that stores an entry puts the versions between head and tail, so neither depends on them, nor does the CRC.
 */
export const MAGIC = 0x4c43;
export const FORMAT = 1;

export const FORMAT_AT = 2;
export const FLAGS_AT = 3;
export const STAMP_AT = 4;
export const STAMP_LENGTH = 12;
export const BORN_AT = 16;
export const FRESH_UNTIL_AT = 22;
export const STALE_WHILE_REVALIDATE_AT = 28;
export const STALE_IF_ERROR_AT = 34;
export const LOAD_MS_AT = 40;
export const TAG_COUNT_AT = 46;
export const HEAD_LENGTH = 48;

export const TIME_BYTES = 6;
export const LONGEST_TIME = 2 ** 48 - 1;
export const VERSION_LENGTH = 32;
export const CRC_LENGTH = 4;
export const MOST_TAGS = 128;

/** The load gave null or undefined, which is remembered as such; there are no bytes of a value then. */
export const NEGATIVE_NULL = 1;
export const NEGATIVE_UNDEFINED = 2;
