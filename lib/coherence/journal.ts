/** What an invalidation is aimed at. */
export type Target =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'tag'; readonly tag: string }
  | { readonly kind: 'all' };

/** An invalidation that took effect here, and that the others have not been told of yet. */
export interface Owed {
  readonly target: Target;
  /** Resolves when it was told. */
  readonly told: Promise<void>;
}

interface OwedToTell extends Owed {
  readonly settle: () => void;
  /** Whether nobody is being told of it. */
  isKept: boolean;
}

/** Invalidations that are kept one by one. */
const CAPACITY = 10_000;

const EVERYTHING: Target = { kind: 'all' };

/**
 * The invalidations of this process that Redis does not know of yet. Until it does, it is neither read nor written for what they
 * cover. Those that could not be told of are kept; when there are too many of them, they become one of everything.
 */
export class Journal {
  readonly #capacity: number;
  readonly #owed = new Map<string, Set<OwedToTell>>();
  #size = 0;
  #kept = 0;

  constructor(capacity = CAPACITY) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#size;
  }

  /** Whether Redis may not be asked for a key with these tags. */
  blocks(key: string, tags: readonly string[]): boolean {
    if (this.#size === 0) return false;
    if (this.#owed.has('all') || this.#owed.has(`key ${key}`)) return true;
    return tags.some((tag) => this.#owed.has(`tag ${tag}`));
  }

  /** To be called before anybody is told. */
  owe(target: Target): Owed {
    return this.#add(target);
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
    return this.#all(({ isKept }) => isKept);
  }

  /** Redis was told. */
  settle(owed: readonly Owed[]): void {
    for (const one of owed as readonly OwedToTell[]) if (this.#remove(one)) one.settle();
  }

  /** In place of all that was kept. Who waited for everything before waits in vain: the last to come bounds what is kept. */
  #keepEverything(): void {
    const kept = this.#all(({ isKept }) => isKept).flat();
    for (const one of kept) this.#remove(one);
    const settles = kept.filter(({ target }) => target.kind !== 'all').map(({ settle }) => settle);
    const everything = this.#add(EVERYTHING);
    this.keep([everything]);
    void everything.told.then(() => {
      for (const settle of settles) settle();
    });
  }

  #all(which: (owed: OwedToTell) => boolean): readonly OwedToTell[][] {
    return [...this.#owed.values()].map((owed) => [...owed].filter(which)).filter((owed) => owed.length > 0);
  }

  #add(target: Target): OwedToTell {
    let settle = (): void => undefined;
    const told = new Promise<void>((resolve) => {
      settle = resolve;
    });
    const owed: OwedToTell = { target, told, settle, isKept: false };
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
