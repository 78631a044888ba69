import type { Answer, FromWorker, Note, Order, Question, ToWorker } from './records.js';
import { now } from './records.js';

const FLUSH_EVERY = 20;

/** A worker's end of the channel to its parent: orders come, questions and notes go. */
export class Channel {
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #notes: Note[] = [];
  #asked = 0;
  readonly name: string;

  constructor(name: string) {
    this.name = name;
    setInterval(() => this.flush(), FLUSH_EVERY).unref();
  }

  listen(obey: (order: Order) => Promise<unknown>): void {
    process.on('message', (message: ToWorker) => {
      if ('asked' in message) {
        this.#waiting.get(message.asked)?.(message.answer);
        this.#waiting.delete(message.asked);
      } else void this.#obey(message.n, () => obey(message.order));
    });
  }

  ask(question: Question): Promise<Answer> {
    const ask = ++this.#asked;
    return new Promise((answered) => {
      this.#waiting.set(ask, answered);
      this.#send({ ask, question });
    });
  }

  note(note: Note): void {
    this.#notes.push(note);
  }

  event(kind: 'unhandled' | 'warning' | 'error' | 'unended', text: string): void {
    this.note({ kind, by: this.name, at: now(), text });
  }

  flush(): void {
    if (this.#notes.length > 0) this.#send({ notes: this.#notes.splice(0) });
  }

  async #obey(n: number, work: () => unknown): Promise<void> {
    let reply: FromWorker;
    try {
      reply = { n, done: await work() };
    } catch (error) {
      reply = { n, failed: error instanceof Error ? String(error.stack) : String(error) };
    }
    this.flush();
    this.#send(reply);
  }

  #send(message: FromWorker): void {
    if (process.connected) process.send?.(message);
  }
}
