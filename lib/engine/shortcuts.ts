import type { Entry } from '../core/entry.js';
import { isLoneArgument, type LoneArgument, loneArgumentOf } from '../policy/key.js';
import type { NearTier } from '../tiers/near-tier.js';

/** The entries of one name, by the lone argument of the call they were made for. */
export type Shortcut = Map<unknown, Entry>;

/** Names are a program's own and few; whoever makes them from data has no short way for those beyond these. */
const MOST_NAMES = 10_000;

/** Leads from a call's lone argument straight to its entry. Keeps no entry that memory has let go of. */
export class Shortcuts {
  readonly #byName = new Map<string, Shortcut>();

  /** The shortcut of a name; all calls under one name share it, as they share their keys. Undefined where there are too many. */
  of(name: string): Shortcut | undefined {
    const known = this.#byName.get(name);
    if (known !== undefined || this.#byName.size === MOST_NAMES) return known;
    const shortcut: Shortcut = new Map<LoneArgument, Entry>();
    this.#byName.set(name, shortcut);
    return shortcut;
  }

  /** Says that memory holds another entry under this key, or none. */
  forget(key: string): void {
    if (this.#byName.size === 0) return;
    const call = loneArgumentOf(key);
    if (call !== undefined) this.#byName.get(call.name)?.delete(call.argument);
  }

  forgetAll(): void {
    for (const shortcut of this.#byName.values()) shortcut.clear();
  }
}

/** Notes the entry of a call, if there is a short way to it. */
export function noteShortcut(shortcut: Shortcut, args: readonly unknown[], entry: Entry): void {
  if (args.length === 1 && isLoneArgument(args[0])) shortcut.set(args[0], entry);
}

/** Is told which entries there are. */
export interface EntryNames {
  learn(entry: Entry): void;
  forget(entry: Entry): void;
  clear(): void;
}

/** A near tier that tells the shortcuts which entries leave it. What it lets go of by itself is told by whoever made it. */
export class TrackedTier implements NearTier {
  readonly #tier: NearTier;
  readonly #shortcuts: Shortcuts;
  readonly #names: EntryNames | undefined;

  constructor(tier: NearTier, shortcuts: Shortcuts, names?: EntryNames) {
    this.#tier = tier;
    this.#shortcuts = shortcuts;
    this.#names = names;
  }

  get name(): string {
    return this.#tier.name;
  }

  get entries(): number {
    return this.#tier.entries;
  }

  get bytes(): number | undefined {
    return this.#tier.bytes;
  }

  get(key: string): Entry | undefined {
    return this.#tier.get(key);
  }

  use(entry: Entry): boolean {
    return this.#tier.use(entry);
  }

  set(entry: Entry): void {
    this.#shortcuts.forget(entry.key);
    if (this.#names === undefined) this.#tier.set(entry);
    else this.#setNamed(entry, this.#names);
  }

  delete(key: string): void {
    this.#shortcuts.forget(key);
    const before = this.#names && this.#tier.get(key);
    if (before !== undefined) this.#names?.forget(before);
    this.#tier.delete(key);
  }

  clear(): void {
    this.#shortcuts.forgetAll();
    this.#names?.clear();
    this.#tier.clear();
  }

  /** The tier may not take it. */
  #setNamed(entry: Entry, names: EntryNames): void {
    const before = this.#tier.get(entry.key);
    this.#tier.set(entry);
    if (before === entry) return;
    if (before !== undefined) names.forget(before);
    if (this.#tier.get(entry.key) === entry) names.learn(entry);
  }

  each(): IterableIterator<Entry> {
    return this.#tier.each();
  }
}
