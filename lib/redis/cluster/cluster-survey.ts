import type { Clock } from '../../core/clock.js';
import type { Random } from '../../core/random.js';
import type { ClusterAddress, NodeAddress } from '../../policy/redis-cluster.js';
import { ClusterMap } from './cluster-map.js';
import type { DriverClient } from '../driver.js';
import { RedisLinkError } from '../link-error.js';

/** So many are asked at once; the first answer that is no old one counts. */
const ASKED_AT_ONCE = 3;
const PATIENCE = 1_000;

export interface ClusterSurveyParts {
  readonly cluster: ClusterAddress;
  readonly clock: Clock;
  readonly random: Random;
  /** Makes a client of one node, not connected yet. */
  readonly clientTo: (node: NodeAddress) => DriverClient;
}

interface Answer {
  readonly map: ClusterMap;
  /** Grows with each change of who has what. */
  readonly epoch: number;
}

/** Asks the nodes of a cluster who has which slots. */
export class ClusterSurvey {
  readonly #parts: ClusterSurveyParts;
  readonly #asking = new Set<DriverClient>();
  #known: readonly NodeAddress[];
  #epoch = 0;
  #isClosed = false;

  constructor(parts: ClusterSurveyParts) {
    this.#parts = parts;
    this.#known = parts.cluster.nodes;
  }

  /** Some are asked of those who are known, none of them always first. Who is cut off from the others goes on to tell what was. */
  async map(): Promise<ClusterMap> {
    const { cluster, random } = this.#parts;
    const nodes = shuffled(distinct([...this.#known, ...cluster.nodes]), random);
    const old: Answer[] = [];
    let failure: unknown;
    for (let first = 0; first < nodes.length; first += ASKED_AT_ONCE) {
      const asked = nodes.slice(first, first + ASKED_AT_ONCE).map((node) => this.#askUnlessOld(node, old));
      try {
        return this.#take(await Promise.any(asked));
      } catch (error) {
        failure ??= (error as AggregateError).errors.find((each) => each !== OLD);
      }
    }
    // All of them may have forgotten what they were.
    const [newest] = old.sort((one, other) => other.epoch - one.epoch);
    if (newest === undefined) throw failure;
    return this.#take(newest);
  }

  close(): void {
    this.#isClosed = true;
    for (const client of this.#asking) end(client);
  }

  #take({ map, epoch }: Answer): ClusterMap {
    this.#epoch = epoch;
    this.#known = map.nodes;
    return map;
  }

  async #askUnlessOld(node: NodeAddress, old: Answer[]): Promise<Answer> {
    const answer = await this.#ask(node);
    if (answer.epoch >= this.#epoch) return answer;
    old.push(answer);
    throw OLD;
  }

  async #ask(node: NodeAddress): Promise<Answer> {
    if (this.#isClosed) throw new RedisLinkError('nobody is asked any more');
    const { cluster, clock, clientTo } = this.#parts;
    const client = clientTo(node);
    let failure: unknown;
    client.on('error', (error: unknown) => {
      failure ??= error;
    });
    const stop = clock.after(PATIENCE, () => {
      failure ??= new RedisLinkError(`${nameOf(node)} did not answer within ${PATIENCE} ms`);
      end(client);
    });
    this.#asking.add(client);
    try {
      await client.connect();
      const [epoch, slots] = await Promise.all([epochOf(client), client.cluster('SLOTS')]);
      const map = ClusterMap.of(slots, node, cluster.reachedAt);
      if (map.nodes.length === 0) throw new RedisLinkError(`${nameOf(node)} has no part in a cluster yet`);
      return { map, epoch };
    } catch (error) {
      throw explained(node, failure ?? error);
    } finally {
      stop();
      this.#asking.delete(client);
      end(client);
    }
  }
}

const OLD = new RedisLinkError('others know more');

/** Where it is not told, all answers are equally old. */
async function epochOf(client: DriverClient): Promise<number> {
  const info = await client.cluster('INFO').catch(() => '');
  return Number(/cluster_current_epoch:(\d{1,15})\b/.exec(String(info))?.[1] ?? 0);
}

/** The peer may be gone, and would be waited for. */
function end(client: DriverClient): void {
  client.disconnect();
  client.stream?.destroy();
}

function explained(node: NodeAddress, thrown: unknown): RedisLinkError {
  const error = RedisLinkError.of(thrown);
  if (!/cluster support disabled/i.test(error.message)) return error;
  return new RedisLinkError(
    `${nameOf(node)} is a Redis by itself and no cluster: give redis a url in place of cluster`,
  );
}

function nameOf({ host, port }: NodeAddress): string {
  return `${host}:${port}`;
}

function distinct(nodes: readonly NodeAddress[]): readonly NodeAddress[] {
  return [...new Map(nodes.map((node) => [nameOf(node), node])).values()];
}

function shuffled<T>(list: readonly T[], random: Random): readonly T[] {
  return list
    .map((one) => ({ one, place: random() }))
    .sort((first, second) => first.place - second.place)
    .map(({ one }) => one);
}
