import type { EventRecord, InvalidationRecord, LoadRecord, Note, ReadRecord } from './records.js';

/** When something stood between a process and Redis, or Redis was not what it had been. */
export interface Disturbance {
  /** Undefined: all of them. */
  readonly process: string | undefined;
  /** Which keys it concerns. Undefined: all of them. */
  readonly concerns: ((key: string) => boolean) | undefined;
  readonly from: number;
  to: number;
  /**
   * A path may be cut; a state may be lost while all paths are whole; writes may be refused by the right server; messages may be
   * lost, for which nothing is excused.
   */
  readonly of: 'path' | 'state' | 'writes' | 'messages';
}

/** All that was called and what came of it, of all processes: what is judged is judged by this. */
export class History {
  reads: ReadRecord[] = [];
  events: EventRecord[] = [];
  disturbances: Disturbance[] = [];
  readonly #loads = new Map<string, LoadRecord>();
  readonly #invalidations = new Map<string, InvalidationRecord>();
  /** When a process was killed: what it had not told by then is not known. */
  readonly killed = new Map<string, number>();

  get loads(): readonly LoadRecord[] {
    return [...this.#loads.values()];
  }

  get invalidations(): readonly InvalidationRecord[] {
    return [...this.#invalidations.values()];
  }

  take(note: Note): void {
    switch (note.kind) {
      case 'read':
        this.reads.push(note);
        return;
      case 'load':
        this.#loads.set(note.id, { ...this.#loads.get(note.id), ...note });
        return;
      case 'invalidation':
        this.#invalidations.set(`${note.by} ${note.called} ${note.scope} ${note.name}`, note);
        return;
      default:
        this.events.push(note);
    }
  }

  /**
   * What was judged is not kept, but for what the rest may be judged by. A value whose load is forgotten counts as loaded by nobody:
   * whoever is answered with one older than that was answered wrongly, as long as `before` lies further back than any value may live.
   */
  forget(before: number): void {
    this.reads = [];
    this.events = this.events.filter(({ kind, at }) => at >= before && (kind === 'stall' || kind === 'error'));
    this.disturbances = this.disturbances.filter(({ to }) => to >= before);
    for (const [id, { began }] of this.#loads) if (began < before) this.#loads.delete(id);
    for (const [id, { called }] of this.#invalidations) if (called < before) this.#invalidations.delete(id);
    for (const [name, at] of this.killed) if (at < before) this.killed.delete(name);
  }

  /** Begins a disturbance; the answer ends it. */
  disturb(
    of: Disturbance['of'],
    from: number,
    process?: string,
    concerns?: Disturbance['concerns'],
  ): (to: number) => void {
    const disturbance: Disturbance = { of, from, to: Number.POSITIVE_INFINITY, process, concerns };
    this.disturbances.push(disturbance);
    return (to) => {
      disturbance.to = to;
    };
  }
}
