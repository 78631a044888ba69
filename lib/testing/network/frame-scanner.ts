/** What lies in one line, whatever that says. */
const LINES = '+-:_,#(';
/** What says in a header how many bytes follow. */
const BULKS = '$!=';
/** What says in a header how many elements follow, or pairs of them. */
const ELEMENTS_PER_COUNT: Readonly<Record<string, number>> = { '*': 1, '~': 1, '>': 1, '%': 2, '|': 2 };
/** Stands before an element, and is none. */
const ATTRIBUTE = '|';

/** Nothing at all, or so many as a number can hold exactly. */
const HEADER = /^(-1|\d{1,15})\r$/;
const LONGEST_HEADER = 16;
const LF = 10;

/**
 * Finds where frames of RESP2 and RESP3 end, in whatever pieces they come. It keeps counts and the header it is in, so that
 * neither size nor depth of a frame costs memory. From what is of neither protocol on it is lost, for good.
 */
export class FrameScanner {
  #expects: 'type' | 'header' | 'line' | 'body' | 'end of body' = 'type';
  #type = '';
  #header = '';
  /** Bytes of a body that are still to come. */
  #bytes = 0;
  /** Elements of the frame that are still to come to their end, the frame itself among them. */
  #open = 0;
  #isLost = false;

  /** Whether the next byte begins a frame. */
  get isBetween(): boolean {
    return this.#open === 0;
  }

  /** Whether what came cannot be of Redis. */
  get isLost(): boolean {
    return this.#isLost;
  }

  /** Reads a chunk from a place on, until the frame that lies there ends, or the chunk does; returns where that is. */
  read(chunk: Buffer, from: number): number {
    if (this.#isLost) return chunk.length;
    if (this.isBetween) this.#open = 1;
    let at = from;
    while (at < chunk.length && !this.isBetween && !this.#isLost) at = this.#step(chunk, at);
    return at;
  }

  #step(chunk: Buffer, at: number): number {
    switch (this.#expects) {
      case 'type':
        this.#begin(String.fromCharCode(chunk[at] ?? 0));
        return at + 1;
      case 'line':
        return this.#skipLine(chunk, at);
      case 'body':
        return this.#skipBody(chunk, at);
      default:
        return this.#readLine(chunk, at);
    }
  }

  #begin(type: string): void {
    this.#type = type;
    if (LINES.includes(type)) this.#expects = 'line';
    else if (BULKS.includes(type) || type in ELEMENTS_PER_COUNT) this.#expects = 'header';
    else this.#isLost = true;
  }

  #skipLine(chunk: Buffer, at: number): number {
    const end = chunk.indexOf(LF, at);
    if (end < 0) return chunk.length;
    this.#endElement();
    return end + 1;
  }

  #skipBody(chunk: Buffer, at: number): number {
    const skipped = Math.min(this.#bytes, chunk.length - at);
    this.#bytes -= skipped;
    if (this.#bytes === 0) this.#expects = 'end of body';
    return at + skipped;
  }

  #readLine(chunk: Buffer, at: number): number {
    const longest = at + LONGEST_HEADER + 1 - this.#header.length;
    const end = chunk.subarray(0, longest).indexOf(LF, at);
    this.#header += chunk.toString('latin1', at, end < 0 ? longest : end);
    if (this.#header.length > LONGEST_HEADER) this.#isLost = true;
    if (end < 0) return Math.min(longest, chunk.length);
    const line = this.#header;
    this.#header = '';
    if (this.#expects === 'header') this.#readHeader(line);
    else if (line === '\r') this.#endElement();
    else this.#isLost = true;
    return end + 1;
  }

  #readHeader(line: string): void {
    const said = HEADER.exec(line)?.[1];
    if (said === undefined) this.#isLost = true;
    else if (said === '-1') this.#endElement();
    else if (BULKS.includes(this.#type)) this.#beginBody(Number(said));
    else this.#beginElements(Number(said));
  }

  #beginBody(bytes: number): void {
    this.#bytes = bytes;
    this.#expects = bytes === 0 ? 'end of body' : 'body';
  }

  #beginElements(count: number): void {
    this.#open += count * (ELEMENTS_PER_COUNT[this.#type] ?? 1);
    if (!Number.isSafeInteger(this.#open)) this.#isLost = true;
    if (this.#type === ATTRIBUTE) this.#expects = 'type';
    else this.#endElement();
  }

  #endElement(): void {
    this.#open--;
    this.#expects = 'type';
  }
}
