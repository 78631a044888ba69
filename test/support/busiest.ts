import { settle } from './source.js';

/** A source that keeps count of how many ask it at once. */
export class Busiest {
  /** The most there ever were. */
  most = 0;
  #now = 0;

  readonly load = async (): Promise<number> => {
    this.most = Math.max(this.most, ++this.#now);
    await settle();
    this.#now--;
    return 1;
  };
}
