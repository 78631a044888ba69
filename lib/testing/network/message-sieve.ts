import { FrameScanner } from './frame-scanner.js';

/** How Redis begins a message of pub/sub. */
const MESSAGES = ['3 message', '3 smessage', '4 pmessage'];
const PUSHED = MESSAGES.map((words) => headOf('>', words));
const IN_ARRAYS = MESSAGES.map((words) => headOf('*', words));
/** After one of these a connection of RESP2 brings messages. Before it, an array that looks like a message is none. */
const SUBSCRIBED = ['3 subscribe', '3 ssubscribe', '3 psubscribe'].map((words) => headOf('*', words));
const HEADS = [...PUSHED, ...IN_ARRAYS, ...SUBSCRIBED];
const LONGEST_HEAD = Math.max(...HEADS.map((head) => head.length));

/** What is left of a chunk. */
export interface Sifted {
  /** What passes, in its order. */
  readonly passing: readonly Buffer[];
  /** How many messages were found that are lost. */
  readonly lost: number;
}

/**
 * Takes messages of pub/sub out of what Redis sends: each as a whole, and nothing else. What it may keep back is the beginning
 * of a frame, of a few bytes, until that is known to be a message or not.
 */
export class MessageSieve {
  readonly #scanner = new FrameScanner();
  #fate: 'undecided' | 'passes' | 'lost' = 'passes';
  /** The beginning of a frame that may be one of `HEADS`; undefined when that is known. */
  #head: string | undefined;
  #keptBack: Buffer[] = [];
  #isSubscribed = false;

  /** To be given everything from the first byte on; a message has the lot of the moment in which it begins. */
  sift(chunk: Buffer, messages: 'pass' | 'are lost'): Sifted {
    const passing: Buffer[] = [];
    let lost = 0;
    let passed = 0;
    for (let at = 0, end = 0; at < chunk.length; at = end) {
      if (this.#scanner.isBetween) this.#begin(messages);
      end = this.#scanner.read(chunk, at);
      const before = this.#fate;
      if (this.#scanner.isLost) this.#fate = 'passes';
      else if (this.#head !== undefined) this.#readHead(chunk.toString('latin1', at, Math.min(end, at + LONGEST_HEAD)));
      if (before === 'passes') continue;
      passing.push(chunk.subarray(passed, at));
      passed = end;
      this.#keptBack.push(chunk.subarray(at, end));
      if (this.#fate === 'undecided') continue;
      if (this.#fate === 'passes') passing.push(...this.#keptBack);
      else if (before === 'undecided') lost++;
      this.#keptBack = [];
    }
    passing.push(chunk.subarray(passed));
    return { passing: passing.filter(({ length }) => length > 0), lost };
  }

  /** What was kept back, when nothing comes any more. */
  rest(): readonly Buffer[] {
    return this.#keptBack.splice(0);
  }

  #begin(messages: 'pass' | 'are lost'): void {
    this.#head = '';
    this.#fate = messages === 'pass' ? 'passes' : 'undecided';
  }

  #readHead(text: string): void {
    const head = `${this.#head}${text}`;
    const couldBecome = HEADS.some((one) => one.length > head.length && one.startsWith(head));
    this.#head = couldBecome ? head : undefined;
    if (couldBecome) return;
    const isOneOf = (heads: readonly string[]): boolean => heads.some((one) => head.startsWith(one));
    if (isOneOf(SUBSCRIBED)) this.#isSubscribed = true;
    if (this.#fate !== 'undecided') return;
    this.#fate = isOneOf(PUSHED) || (this.#isSubscribed && isOneOf(IN_ARRAYS)) ? 'lost' : 'passes';
  }
}

/** As in `*3\r\n$7\r\nmessage\r\n`. */
function headOf(type: '*' | '>', words: string): string {
  const [count, kind = ''] = words.split(' ');
  return `${type}${count}\r\n$${kind.length}\r\n${kind}\r\n`;
}
