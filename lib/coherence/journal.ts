/** What an invalidation is aimed at. */
export type Target =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'tag'; readonly tag: string }
  | { readonly kind: 'all' };

/** The parts of what is told, each of which may be away by itself. */
export interface Parts {
  readonly count: number;
  /** In which of them a key is. */
  of(key: string): number;
}

/** An invalidation that took effect here, and that the others have not been told of yet. */
export interface Owed {
  readonly target: Target;
  /** The parts that have yet to be told. */
  readonly untold: ReadonlySet<number>;
  /** Resolves when all were told. */
  readonly told: Promise<void>;
}

interface OwedToTell extends Owed {
  untold: ReadonlySet<number>;
  readonly settle: () => void;
  /** Whether nobody is being told of it. */
  isKept: boolean;
}

/** Invalidations that are kept one by one. */
const CAPACITY = 10_000;

const EVERYTHING: Target = { kind: 'all' };
const NOWHERE: ReadonlySet<number> = new Set();
const ONE_PART: Parts = { count: 1, of: () => 0 };

export interface JournalOptions {
  /** How many invalidations are kept one by one. */
  readonly capacity?: number;
  readonly parts?: Parts;
}

/**
 * The invalidations of this process that Redis, or a part of it, does not know of yet. Until it does, it is neither read nor written
 * for what they cover there. Those that could not be told of are kept; when there are too many, they become one of everything there.
 */
export class Journal {
  readonly #capacity: number;
  readonly #parts: Parts;
  readonly #all: ReadonlySet<number>;
  readonly #owed = new Map<string, Set<OwedToTell>>();
  #size = 0;
  #kept = 0;

  constructor({ capacity = CAPACITY, parts = ONE_PART }: JournalOptions = {}) {
    this.#capacity = capacity;
    this.#parts = parts;
    this.#all = new Set(Array.from({ length: parts.count }, (_, part) => part));
  }

  get size(): number {
    return this.#size;
  }

  /** Whether Redis may not be asked for a key with these tags. */
  blocks(key: string, tags: readonly string[]): boolean {
    if (this.#size === 0) return false;
    const part = this.#parts.of(key);
    if (this.#owes('all', part) || this.#owes(`key ${key}`, part)) return true;
    return tags.some((tag) => this.#owes(`tag ${tag}`, part));
  }

  /** To be called before anybody is told. */
  owe(target: Target): Owed {
    return this.#add(target, target.kind === 'key' ? new Set([this.#parts.of(target.key)]) : this.#all);
  }

  /** It could not be told of now. It is not forgotten, though whoever called may be gone. */
  keep(owed: readonly Owed[]): void {
    for (const one of owed as readonly OwedToTell[]) {
      if (one.isKept || this.#owed.get(nameOf(one.target))?.has(one) !== true) continue;
      one.isKept = true;
      this.#kept++;
    }
    if (this.#kept > this.#capacity) this.#keepEverything();
  }

  /** What is kept now, by target: telling of one settles all that is kept of it now. */
  each(): readonly (readonly Owed[])[] {
    return this.#each(({ isKept }) => isKept);
  }

  /** Redis was told, or these parts of it. */
  settle(owed: readonly Owed[], parts?: ReadonlySet<number>): void {
    for (const one of owed as readonly OwedToTell[]) {
      one.untold = parts === undefined ? NOWHERE : new Set([...one.untold].filter((part) => !parts.has(part)));
      if (one.untold.size === 0 && this.#remove(one)) one.settle();
    }
  }

  #owes(name: string, part: number): boolean {
    for (const { untold } of this.#owed.get(name) ?? []) if (untold.has(part)) return true;
    return false;
  }

  /** In place of all that was kept. Who waited for everything before waits in vain: the last to come bounds what is kept. */
  #keepEverything(): void {
    const kept = this.#each(({ isKept }) => isKept).flat();
    for (const one of kept) this.#remove(one);
    const settles = kept.filter(({ target }) => target.kind !== 'all').map(({ settle }) => settle);
    const everything = this.#add(EVERYTHING, new Set(kept.flatMap(({ untold }) => [...untold])));
    this.keep([everything]);
    void everything.told.then(() => {
      for (const settle of settles) settle();
    });
  }

  #each(which: (owed: OwedToTell) => boolean): readonly OwedToTell[][] {
    return [...this.#owed.values()].map((owed) => [...owed].filter(which)).filter((owed) => owed.length > 0);
  }

  #add(target: Target, untold: ReadonlySet<number>): OwedToTell {
    let settle = (): void => undefined;
    const told = new Promise<void>((resolve) => {
      settle = resolve;
    });
    const owed: OwedToTell = { target, untold, told, settle, isKept: false };
    const name = nameOf(target);
    const others = this.#owed.get(name);
    if (others === undefined) this.#owed.set(name, new Set([owed]));
    else others.add(owed);
    this.#size++;
    return owed;
  }

  /** Whether it was owed. */
  #remove(one: OwedToTell): boolean {
    const name = nameOf(one.target);
    const others = this.#owed.get(name);
    if (others?.delete(one) !== true) return false;
    if (others.size === 0) this.#owed.delete(name);
    this.#size--;
    if (one.isKept) this.#kept--;
    return true;
  }
}

function nameOf(target: Target): string {
  switch (target.kind) {
    case 'key':
      return `key ${target.key}`;
    case 'tag':
      return `tag ${target.tag}`;
    default:
      return 'all';
  }
}
