import type { CallOptions } from '../../lib/index.js';
import {
  CallerLeft,
  DECLARED,
  type Key,
  KEYS,
  Missing,
  SourceFailure,
  type Tag,
  TAGGED,
  tagsOf,
  type Value,
} from './catalogue.js';
import type { Invalidation } from './history.js';
import type { AnsweredBy, Read } from './judge.js';
import type { Operation } from './plan.js';
import type { Seat } from './seat.js';
import type { World } from './world.js';

/** A call may take as long as all it may have to wait for, one after the other, and twice. */
const LONGEST_COMMANDS = 2_000;
const LONGEST_INVALIDATION = 2_500;

type Given = Value | null | undefined;

/** Calls what the plan says, and hands every answer to the judge. */
export class Operator {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  run(seat: Seat, operation: Operation): void {
    if (!seat.process.isAlive || seat.isClosing) return;
    switch (operation.kind) {
      case 'delete':
        return this.#delete(seat, operation.key);
      case 'set':
        return this.#set(seat, operation.key);
      case 'tags':
        return this.#invalidateTags(seat, operation.tags);
      case 'clear':
        return this.#clear(seat);
      default:
        return void this.#read(seat, operation.key, operation.kind);
    }
  }

  /** The second of two calls is answered by memory, whatever the first one was; a value may end just between them. */
  async mustServeFromMemory(seat: Seat, key: Key): Promise<void> {
    for (let attempt = 0; attempt < 3; attempt++) {
      await this.#read(seat, key, 'rest');
      const { scheduler } = this.#world;
      await new Promise<void>((resolve) => seat.process.does(scheduler.now, resolve));
      const by = await this.#read(seat, key, 'rest');
      if (by === 'memory' || this.#world.settings.memory === 0) return;
    }
    this.#world.complain(`${seat.process.name} at rest does not serve ${key} from memory`);
  }

  #read(seat: Seat, key: Key, kind: 'read' | 'get' | 'force' | 'leave' | 'rest'): Promise<AnsweredBy> {
    const { scheduler, history, counters } = this.#world;
    const [mayJoin, turn, isForced] = [seat.mayJoin(key), scheduler.turn, kind === 'force'];
    const read: Read = { key, by: seat, began: history.moment(), at: scheduler.now, mayJoin, isForced };
    if (isForced) history.forcedAt.set(key, scheduler.now);
    const over = seat.calls.begin(`${kind} ${key}`, key);
    const answer = this.#ask(seat, read, kind);
    const settled = (given: Given, error?: unknown): AnsweredBy => {
      const by = this.#by(read, turn);
      this.#limit(read, kind, over());
      counters.countOf('answered by', by);
      if (error !== undefined && !(error instanceof Missing)) this.#failed(read, kind, error);
      else if (given !== undefined || error !== undefined) this.#answered(read, by, { given, error, kind });
      else if (kind !== 'get') this.#world.complain(`a read of ${key} was given nothing at all`);
      return by;
    };
    return answer.then(
      (given) => settled(given),
      (error: unknown) => settled(undefined, error ?? 'nothing'),
    );
  }

  #ask(seat: Seat, { key, isForced }: Read, kind: string): Promise<Given> {
    if (kind === 'get') return seat.cache.get<Value>(key);
    const options: CallOptions = { ...seat.optionsOf(key), tags: DECLARED[key], force: isForced };
    if (kind === 'leave') {
      const leaving = new AbortController();
      options.signal = leaving.signal;
      const { scheduler, counters } = this.#world;
      seat.process.does(scheduler.now + seat.draws.between(0, 40), () => {
        counters.count('caller leaves');
        leaving.abort(new CallerLeft());
      });
    }
    return seat.cache.getOrSet<Given>(
      key,
      (context) => this.#world.source.load({ key, by: seat, isForced, context }) as Promise<Given>,
      options,
    );
  }

  #by({ key, by, mayJoin }: Read, turn: number): AnsweredBy {
    if (this.#world.scheduler.turn === turn || (by as Seat).servesFromMemory(key)) return 'memory';
    return mayJoin ? 'joined' : 'own';
  }

  #answered(read: Read, by: AnsweredBy, what: { given: Given; error: unknown; kind: string }): void {
    const { judge, history, scheduler } = this.#world;
    const given = what.error instanceof Missing ? what.error.value : what.given;
    const values = given === null || given === undefined ? history.nothings(read.key) : [given];
    const { key, row, at } = values[0] ?? { key: 'nothing', row: 0, at: 0 };
    (read.by as Seat).trace?.(() => `${what.kind} ${read.key} #${read.began}: ${key}.${row} #${at} (${by})`);
    scheduler.note(at);
    judge.answer(read, values, by);
    if (what.kind === 'rest') judge.answerAtRest(read, values);
  }

  #failed(read: Read, kind: string, error: unknown): void {
    const { counters, complain } = this.#world;
    const name = error instanceof Error ? error.name : String(error);
    const isSources = error instanceof SourceFailure && kind !== 'get';
    const isLimit = name === 'LoadTimeoutError' && kind !== 'get';
    const isCallers = error instanceof CallerLeft && kind === 'leave';
    const label = isSources ? 'SourceFailure' : isCallers ? 'CallerLeft' : name;
    counters.countOf('read fails', label);
    (read.by as Seat).trace?.(() => `${kind} ${read.key} #${read.began} fails: ${label}`);
    if (!isSources && !isLimit && !isCallers) complain(`${kind} of ${read.key} failed: ${String(error)}`);
  }

  #limit({ key, by }: Read, kind: string, took: number): void {
    const { patience, timeout } = this.#world.settings;
    const longest = 2 * (patience + 3 * timeout + LONGEST_COMMANDS);
    if (took <= longest) return;
    this.#world.complain(`${kind} ${key} by ${by.process.name} took ${took.toFixed(0)} ms, of at most ${longest}`);
  }

  #delete(seat: Seat, key: Key): void {
    this.#change([key]);
    this.#tell(seat, 'key', key, () => seat.cache.delete(key));
  }

  #invalidateTags(seat: Seat, tags: readonly Tag[]): void {
    this.#change(KEYS.filter((key) => tags.some((tag) => TAGGED[tag].includes(key))));
    const invalidations = tags.map((tag) => this.#invalidation(seat, 'tag', tag));
    this.#await(seat, invalidations, () => seat.cache.invalidateTags(...tags));
  }

  #clear(seat: Seat): void {
    this.#change(KEYS);
    this.#tell(seat, 'all', '', () => seat.cache.clear());
  }

  #set(seat: Seat, key: Key): void {
    const { history, source, scheduler } = this.#world;
    this.#change([key]);
    const invalidation = this.#invalidation(seat, 'key', key);
    const value: Value = { key, row: source.rows[key], at: invalidation.called };
    const handed = history.hand(value, seat, scheduler.now);
    const options = { ...seat.optionsOf(key), tags: tagsOf(key, value.row) };
    this.#await(
      seat,
      [invalidation],
      () => seat.cache.set<Value>(key, value, options),
      () => {
        handed.over = history.moment();
      },
    );
  }

  /** The source first, then the cache. */
  #change(keys: readonly Key[]): void {
    for (const key of keys) this.#world.source.rows[key]++;
  }

  #tell(seat: Seat, scope: Invalidation['scope'], name: string, call: () => Promise<void>): void {
    this.#await(seat, [this.#invalidation(seat, scope, name)], call);
  }

  #invalidation(by: Seat, scope: Invalidation['scope'], name: string): Invalidation {
    const { history, scheduler } = this.#world;
    const made = history.invalidate({ scope, name, by, called: history.moment(), calledAt: scheduler.now });
    by.trace?.(() => `calls off ${scope} ${name} #${made.called}`);
    return made;
  }

  #await(
    seat: Seat,
    invalidations: readonly Invalidation[],
    call: () => Promise<void>,
    onOver: () => void = () => undefined,
  ): void {
    const { scheduler, counters, settings, complain } = this.#world;
    const over = seat.calls.begin(`invalidation #${invalidations[0]?.called}`);
    const end = (outcome: string): void => {
      onOver();
      const took = over();
      if (took > LONGEST_INVALIDATION) complain(`an invalidation by ${seat.process.name} took ${took.toFixed(0)} ms`);
      counters.countOf('invalidation', outcome);
      seat.trace?.(() => `#${invalidations.map(({ called }) => called).join(', #')} is ${outcome}`);
    };
    call().then(
      () => {
        for (const invalidation of invalidations) invalidation.ackedAt = scheduler.now;
        end('acknowledged');
      },
      (error: Error & { code?: string }) => {
        for (const invalidation of invalidations) invalidation.isOwed = true;
        end(`rejected ${error.code ?? error.name}`);
        if (error.code !== 'LAYERCACHE_INVALIDATION_PENDING') complain(`an invalidation failed: ${String(error)}`);
        else if (settings.isCalm) complain(`an invalidation by ${seat.process.name} was not told at once`);
      },
    );
  }
}
