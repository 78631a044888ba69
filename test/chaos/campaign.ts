import { fileURLToPath } from 'node:url';
import { keysOf } from '../redis/processes/catalogue.js';
import { Checker } from '../redis/processes/checker.js';
import type { Verdict } from '../redis/processes/verdict.js';
import { DETACHED_TTL, STALE_BOUND } from '../redis/processes/cluster.js';
import type { Footprint } from '../redis/processes/footprint.js';
import { History } from '../redis/processes/history.js';
import { workerProgram } from '../redis/processes/program.js';
import { now, type Plan } from '../redis/processes/records.js';
import { recovery } from '../redis/processes/recovery.js';
import { Source } from '../redis/processes/source.js';
import { WorkerProcess } from '../redis/processes/worker-process.js';
import { Account } from './account.js';
import { pause, type Scene } from './fault.js';
import { PROCESS_FAULTS } from './process-faults.js';
import { type Blow, Schedule } from './schedule.js';
import type { Topology } from './topology.js';
import { WAY_FAULTS } from './way-faults.js';

export interface CampaignOptions {
  readonly seed: number;
  /** In milliseconds. */
  readonly length: number;
  readonly processes: number;
  /** Which faults, by their names. */
  readonly faults: RegExp;
  readonly tell: (line: string) => void;
}

/** From one rest to the next. */
const EPISODE = 27_000;
/** A call ends by then, whatever has become of Redis. */
const LONGEST_CALL = 8_000;
/** No value lives longer: neither by its ttl and stale windows, nor in a process that stood still, or on its way to a Redis that did. */
const LONGEST_LIFE = 90_000;
const SIGHTS = 10;
/** Violations that are told of at once; the report has more. */
const MOST_TOLD = 3;
const MINUTE = 60_000;
const WORKER = fileURLToPath(new URL('worker.ts', import.meta.url));

/**
 * Processes under load, and faults, in episodes. At the end of each everybody comes to rest and all that was answered is judged,
 * with what is known of the time before; then it is forgotten. Processes and servers live on.
 */
export class Campaign {
  readonly account = new Account();
  readonly #history = new History();
  readonly #topology: Topology;
  readonly #options: CampaignOptions;
  readonly #schedule: Schedule;
  readonly #source: Source;
  readonly #workers: WorkerProcess[] = [];
  readonly #began = now();
  #born = 0;
  #plan: Plan;
  #isAtWork = false;
  #rests = 0;
  #sights = 0;
  #minutes = 0;
  #judgedUntil = Number.NEGATIVE_INFINITY;

  private constructor(topology: Topology, options: CampaignOptions) {
    this.#topology = topology;
    this.#options = options;
    this.#source = new Source(this.#history, options.seed);
    const all = [...topology.faults, ...(topology.ways.length > 0 ? WAY_FAULTS : []), ...PROCESS_FAULTS];
    const kinds = all.filter(({ name }) => options.faults.test(name));
    this.#schedule = new Schedule({ seed: options.seed, seats: options.processes, kinds });
    this.#plan = this.#schedule.workload();
  }

  static async run(topology: Topology, options: CampaignOptions): Promise<Account> {
    const campaign = new Campaign(topology, options);
    try {
      topology.watch?.(campaign.#history);
      await Promise.all(Array.from({ length: options.processes }, (_, seat) => campaign.#join(seat)));
      await campaign.#goOn();
      await Promise.all(campaign.#workers.map((worker) => worker.close()));
    } finally {
      await Promise.all(campaign.#workers.map((worker) => worker.kill()));
    }
    return campaign.account;
  }

  get #elapsed(): number {
    return now() - this.#began;
  }

  async #goOn(): Promise<void> {
    const { length } = this.#options;
    while (this.#elapsed < length) {
      await this.#episode(Math.min(EPISODE, length - this.#elapsed));
      await this.#rest();
      this.account.minutes = this.#elapsed / MINUTE;
    }
  }

  async #episode(length: number): Promise<void> {
    const end = now() + length;
    this.#plan = this.#schedule.workload();
    this.#isAtWork = true;
    await Promise.all(this.#workers.map((worker, seat) => this.#putToWork(worker, seat)));
    while (now() < end) {
      const { calm, blows } = this.#schedule.next();
      await pause(calm);
      await Promise.all(blows.map((blow) => this.#suffer(blow)));
      this.#tellProgress();
    }
  }

  async #suffer({ kind, draw, after }: Blow): Promise<void> {
    await pause(after);
    const began = now();
    const patience = setInterval(() => this.#options.tell(`${this.#at()}: ${kind.name} is not over yet`), MINUTE);
    try {
      await kind.run(this.#scene(), draw);
    } catch (error) {
      this.account.vain++;
      this.#options.tell(`${this.#at()}: ${kind.name} went wrong: ${String(error)}`);
    } finally {
      clearInterval(patience);
    }
    this.account.suffered({ name: kind.name, began, ended: now() });
  }

  #scene(): Scene {
    return {
      history: this.#history,
      ways: this.#topology.ways,
      keys: keysOf(this.#plan.keys),
      workerAt: (seat) => this.#workers[seat] as WorkerProcess,
      replace: (seat) => this.#join(seat),
    };
  }

  /** Everybody is seen to answer from memory and from Redis again, and reads everything once more; and so does a newcomer. */
  async #rest(): Promise<void> {
    const recovered = await recovery(this.#workers);
    this.account.recovered(recovered.after);
    for (const complaint of recovered.complaints) this.#history.take({ kind: 'unended', at: now(), ...complaint });
    await Promise.all(this.#workers.map((worker) => worker.do({ act: 'rest', limitMs: LONGEST_CALL })));
    this.#isAtWork = false;
    // What was owed has been told, and what could not be proven has come to its end.
    await pause(STALE_BOUND + DETACHED_TTL);
    const restFrom = now();
    await this.#replaceInTurn();
    const keys = keysOf(this.#plan.keys);
    await Promise.all(this.#workers.map((worker) => worker.do({ act: 'readAll', keys })));
    await this.#look();
    await this.#judge(restFrom);
  }

  /** Each but the first comes to its end some time, with nothing to complain of. */
  async #replaceInTurn(): Promise<void> {
    const mortals = this.#options.processes - 1;
    if (mortals < 1) return;
    const seat = 1 + (this.#rests++ % mortals);
    await this.#workers[seat]?.close();
    await this.#join(seat);
  }

  async #look(): Promise<void> {
    const { length } = this.#options;
    if (this.#elapsed < (this.#sights * length) / SIGHTS) return;
    this.#sights = Math.floor((this.#elapsed * SIGHTS) / length) + 1;
    for (const worker of this.#workers) {
      const held = await worker.do<Footprint>({ act: 'footprint' });
      this.account.sights.push({ ...held, by: worker.name, at: this.#elapsed / MINUTE });
    }
  }

  async #judge(restFrom: number): Promise<void> {
    const until = now();
    const promised = { staleBound: STALE_BOUND, detachedTtl: DETACHED_TTL, restFrom, judgedUntil: this.#judgedUntil };
    const steps = new Checker(this.#history, promised).steps();
    let step = steps.next();
    while (step.done !== true) {
      // The ways of the processes lie in this one, and must not stand still.
      await new Promise((go) => setImmediate(go));
      step = steps.next();
    }
    const verdict: Verdict = step.value;
    const known = this.account.violations.length;
    this.account.judged(verdict, this.#history);
    for (const { text, around } of this.account.violations.slice(known, known + MOST_TOLD)) {
      this.#options.tell(`VIOLATION at ${this.#at()}: ${text}\n  ${around.join('\n  ')}`);
    }
    this.#judgedUntil = until;
    this.#history.forget(until - LONGEST_LIFE);
  }

  #tellProgress(): void {
    const minutes = Math.floor(this.#elapsed / MINUTE);
    if (minutes === this.#minutes) return;
    this.#minutes = minutes;
    this.#options.tell(`${this.#at()}: ${this.account.inShort()}`);
  }

  #at(): string {
    return `${(this.#elapsed / MINUTE).toFixed(1)} min`;
  }

  #putToWork(worker: WorkerProcess, seat: number): Promise<unknown> {
    return worker.do({ act: 'work', plan: { ...this.#plan, seed: this.#plan.seed * 100 + seat + this.#born } });
  }

  async #join(seat: number): Promise<void> {
    const worker = new WorkerProcess({
      ...{ name: `p${this.#born++}`, history: this.#history, source: this.#source },
      program: workerProgram(WORKER),
      options: {
        ...{ prefix: 'shop', staleBound: STALE_BOUND, detachedTtl: DETACHED_TTL },
        redis: this.#topology.redisOf(seat),
      },
    });
    this.#workers[seat] = worker;
    await worker.do({ act: 'ready' });
    if (this.#isAtWork) await this.#putToWork(worker, seat);
  }
}
