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
}

/** Invalidations that are remembered one by one. */
const CAPACITY = 10_000;

const EVERYTHING: Target = { kind: 'all' };

/**
 * The invalidations of this process that Redis does not know of yet. Until it does, it is neither read nor written for what they
 * cover. When there are too many to remember, they become one of everything.
 */
export class Journal {
  readonly #capacity: number;
  readonly #owed = new Map<string, Set<OwedToTell>>();
  #size = 0;

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
    if (this.#size >= this.#capacity) return this.#oweEverything();
    let settle = (): void => undefined;
    const told = new Promise<void>((resolve) => {
      settle = resolve;
    });
    const owed: OwedToTell = { target, told, settle };
    const name = nameOf(target);
    const others = this.#owed.get(name);
    if (others === undefined) this.#owed.set(name, new Set([owed]));
    else others.add(owed);
    this.#size++;
    return owed;
  }

  /** What is owed now, by target: telling of one settles all that is owed of it now. */
  each(): readonly (readonly Owed[])[] {
    return [...this.#owed.values()].map((owed) => [...owed]);
  }

  /** Redis was told. */
  settle(owed: readonly Owed[]): void {
    for (const one of owed) {
      const name = nameOf(one.target);
      const others = this.#owed.get(name);
      if (others?.delete(one as OwedToTell) !== true) continue;
      if (others.size === 0) this.#owed.delete(name);
      this.#size--;
      (one as OwedToTell).settle();
    }
  }

  /** In place of all that was remembered. Who waited for everything before waits in vain: the last to come bounds what is kept. */
  #oweEverything(): Owed {
    const waiting = [...this.#owed.values()].flatMap((owed) => [...owed]);
    const settles = waiting.filter(({ target }) => target.kind !== 'all').map(({ settle }) => settle);
    this.#owed.clear();
    this.#size = 0;
    const everything = this.owe(EVERYTHING);
    void everything.told.then(() => {
      for (const settle of settles) settle();
    });
    return everything;
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
