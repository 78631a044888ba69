/**
 * The second value format is JSON in which a text that begins with MARK stands for what JSON has no word for. Texts of
 * the caller's that begin with it are written with a second one in front. DEL takes one byte, needs no escape in JSON, and
 * begins no text that anybody means to be read.
 */
export const MARK = '\u007f';
export const MARK_CODE = 0x7f;

/** Whole texts. */
export const UNDEFINED = `${MARK}u`;
export const HOLE = `${MARK}h`;
export const NOT_A_NUMBER = `${MARK}n`;
export const INFINITE = `${MARK}+`;
export const MINUS_INFINITE = `${MARK}-`;
export const MINUS_ZERO = `${MARK}0`;

/** Second characters of texts that go on: with milliseconds, hexadecimal digits, a kind and a number of bytes. */
export const DATE = 'd';
export const BIG_INT = 'i';
export const BINARY = 'b';

/** First items of arrays that stand for something else: keys and values in turn; items; one object; one object. */
export const MAP = `${MARK}M`;
export const SET = `${MARK}S`;
export const NULL_PROTOTYPE = `${MARK}N`;
export const INSTANCE = `${MARK}I`;

/** First byte of a value: JSON as it is. */
export const PLAIN_FORMAT = 1;
/** First byte of a value: four bytes with the length of the text, JSON with marks, and the bytes of binary data in the order of the marks. */
export const MARKED_FORMAT = 2;
/** Where the text of the second format begins. */
export const MARKED_TEXT_OFFSET = 5;
