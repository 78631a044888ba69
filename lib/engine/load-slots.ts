import { AsyncResource } from 'node:async_hooks';
import type { Cancel, Clock } from '../core/clock.js';

/** How long no load may end, while some wait, before the limit is taken to be in its own way. */
const STALLED_AFTER = 1_000;

/** A running load's permission to run. While it waits for an inner load, that one may run on it. */
export interface Slot {
  readonly owner: LoadSlots;
  /** The slot it was lent by, for a load that runs on another's. */
  lentBy: Slot | undefined;
  /** The slot of the load that runs on this one. */
  borrower: Slot | undefined;
  /** Those who would begin on this slot if it were not lent. */
  readonly hopefuls: Set<Turn>;
}

/** A load that waits for its turn. */
export interface Turn {
  readonly owner: LoadSlots;
  readonly begin: (slot: Slot) => void;
  /** The slots on which it could begin: those of the loads that wait for it. */
  readonly lenders: Set<Slot>;
  state: 'waiting' | 'begun' | 'gone';
}

/**
 * Bounds how many loads run at once; the others take their turn in the order in which they came.
 *
 * A load that waits for another keeps its slot meanwhile, and enough such loads would hold every slot that the others
 * wait for. So a load may run on the slot of one that waits for it. Where the chain of loads cannot be followed (see
 * load-chain.ts) that is not known; there the limit grows while no load ends although some wait: after one second of
 * standstill it is doubled, after two more again, after four more again.
 */
export class LoadSlots {
  readonly #limit: number;
  readonly #stallClock: Clock | undefined;
  readonly #queue = new Set<Turn>();
  #running = 0;
  #stretch = 1;
  #watch: Cancel | undefined;

  /** With a clock it watches for standstills, which is for chains that cannot be followed. */
  constructor(limit: number, stallClock?: Clock) {
    this.#limit = limit;
    this.#stallClock = stallClock;
  }

  /** Whether a load would begin at once. */
  get free(): boolean {
    return this.#running < this.#limit * this.#stretch;
  }

  /** Begins now, or when a slot is free; then in the context of this call, not of the load that made room. */
  enter(begin: (slot: Slot) => void): Turn {
    const isFree = this.free;
    const inContext = isFree ? begin : AsyncResource.bind(begin);
    const turn: Turn = { owner: this, begin: inContext, lenders: new Set(), state: 'waiting' };
    if (isFree) {
      this.#begin(turn, undefined);
      return turn;
    }
    this.#queue.add(turn);
    if (this.#watch === undefined) this.#watchAnew(STALLED_AFTER);
    return turn;
  }

  /** Lets a load that still waits for its turn run on the slot of one that waits for it. */
  lend(slot: Slot, turn: Turn): void {
    if (turn.state !== 'waiting') return;
    if (slot.borrower === undefined) {
      this.#begin(turn, slot);
      this.#rest();
      return;
    }
    slot.hopefuls.add(turn);
    turn.lenders.add(slot);
  }

  /** A load no longer waits for one that hoped to run on its slot. */
  retract(slot: Slot, turn: Turn): void {
    slot.hopefuls.delete(turn);
    turn.lenders.delete(slot);
  }

  /** A load no longer waits for the one that runs on its slot. Both run now, be it one too many: neither can be stopped. */
  part(slot: Slot, borrower: Slot): void {
    borrower.lentBy = undefined;
    slot.borrower = undefined;
    this.#running++;
    this.#lendToNext(slot);
  }

  /** Takes a load out of the queue. */
  abandon(turn: Turn): void {
    if (turn.state !== 'waiting') return;
    this.#dequeue(turn, 'gone');
    this.#rest();
  }

  /** Gives back the slot of a load that is over. */
  leave(slot: Slot): void {
    const { borrower, lentBy } = slot;
    for (const turn of slot.hopefuls) this.retract(slot, turn);
    slot.borrower = undefined;
    if (borrower !== undefined) borrower.lentBy = undefined;
    if (borrower !== undefined && lentBy !== undefined) this.#running++;
    if (borrower === undefined && lentBy === undefined) this.#running--;
    if (lentBy !== undefined) {
      lentBy.borrower = undefined;
      this.#lendToNext(lentBy);
    }
    this.#fill();
    if (this.#queue.size > 0) this.#watchAnew(STALLED_AFTER);
  }

  #begin(turn: Turn, lentBy: Slot | undefined): void {
    this.#dequeue(turn, 'begun');
    const slot: Slot = { owner: this, lentBy, borrower: undefined, hopefuls: new Set() };
    if (lentBy === undefined) this.#running++;
    else lentBy.borrower = slot;
    turn.begin(slot);
  }

  #lendToNext(slot: Slot): void {
    const [next] = slot.hopefuls;
    if (next !== undefined) this.#begin(next, slot);
  }

  #dequeue(turn: Turn, state: 'begun' | 'gone'): void {
    turn.state = state;
    this.#queue.delete(turn);
    for (const slot of turn.lenders) slot.hopefuls.delete(turn);
    turn.lenders.clear();
  }

  #fill(): void {
    for (const turn of this.#queue) {
      if (!this.free) return;
      this.#begin(turn, undefined);
    }
    this.#rest();
  }

  /** Nobody waits: the limit is what it was, and there is nothing to watch. */
  #rest(): void {
    if (this.#queue.size > 0) return;
    this.#stretch = 1;
    this.#watch?.();
    this.#watch = undefined;
  }

  /** Until the next load ends, which begins the watch anew. */
  #watchAnew(ms: number): void {
    this.#watch?.();
    this.#watch = this.#stallClock?.after(ms, () => {
      this.#stretch *= 2;
      this.#watchAnew(ms * 2);
      this.#fill();
    });
  }
}
