import type { LinkListener, RedisLink } from '../link.js';
import { RedisLinkError } from '../link-error.js';
import type { ScriptCall, ScriptPort } from '../scripts.js';

/** What a bucket's link asks of the cluster that it is part of. */
export interface Moves {
  open(): Promise<void>;
  close(): Promise<void>;
  /** The slot seems to be elsewhere, or its owner cannot serve it. */
  lookAround(): void;
}

/** Who has the slot of a bucket. */
export interface BucketOwner {
  readonly data: ScriptPort;
  readonly isUp: boolean;
  attach(link: BucketLink): void;
  detach(link: BucketLink): void;
  reconnect(): void;
  resubscribe(): void;
}

/** Replies of a node that is not, or not now, the one to ask about a slot. While a slot is on its way, ASK, it has not changed hands. */
const ELSEWHERE = new Set(['MOVED', 'CLUSTERDOWN', 'READONLY', 'MASTERDOWN']);

/** The way to one bucket of a cluster: over the two connections of whoever owns its slot. */
export class BucketLink implements RedisLink {
  readonly audience = 'shard';
  readonly slot: number;
  readonly #moves: Moves;
  #channels: readonly string[] = [];
  /** None any more once it is closed. */
  #listener: LinkListener | undefined;
  #owner: BucketOwner | undefined;
  #isClosed = false;
  #isConnected = false;
  #isSubscribed = false;
  #connections = 0;

  constructor(slot: number, moves: Moves) {
    this.slot = slot;
    this.#moves = moves;
  }

  get connection(): number | undefined {
    const isThere = this.#isConnected && !this.#isClosed && this.#owner?.isUp === true;
    return isThere ? this.#connections : undefined;
  }

  get channels(): readonly string[] {
    return this.#channels;
  }

  open(channels: readonly string[], listener: LinkListener): Promise<void> {
    this.#channels = channels;
    this.#listener = listener;
    return this.#moves.open();
  }

  run(call: ScriptCall): Promise<unknown> {
    return this.#ask((owner) => owner.data.run(call));
  }

  mget(keys: readonly string[]): Promise<readonly (Buffer | null)[]> {
    return this.#ask((owner) => owner.data.mget(keys));
  }

  resubscribe(): void {
    this.#owner?.resubscribe();
  }

  reconnect(): void {
    this.#owner?.reconnect();
    this.#moves.lookAround();
  }

  afterArrivals(task: () => void): void {
    setImmediate(task);
  }

  close(): Promise<void> {
    this.#listener = undefined;
    this.#isClosed = true;
    return this.#moves.close();
  }

  /** From now on this node is asked, or nobody, until it is known who is to be. False where nothing changes. */
  moveTo(owner: BucketOwner | undefined): boolean {
    if (owner === this.#owner) return false;
    this.#owner?.detach(this);
    this.#owner = owner;
    owner?.attach(this);
    return true;
  }

  connected(): void {
    this.#connections++;
    this.#isConnected = true;
    this.#listener?.connected();
  }

  disconnected(): void {
    if (!this.#isConnected) return;
    this.#isConnected = false;
    this.#listener?.disconnected();
  }

  subscribed(): void {
    this.#isSubscribed = true;
    this.#listener?.subscribed();
  }

  unsubscribed(): void {
    if (!this.#isSubscribed) return;
    this.#isSubscribed = false;
    this.#listener?.unsubscribed();
  }

  heard(channel: string, text: string): void {
    if (this.#isSubscribed) this.#listener?.message(channel, text);
  }

  failed(error: Error): void {
    this.#listener?.failed(error);
  }

  #ask<T>(send: (owner: BucketOwner) => Promise<T>): Promise<T> {
    if (this.#owner === undefined || this.connection === undefined) {
      return Promise.reject(new RedisLinkError('there is no connection to Redis', 'NOCONNECTION'));
    }
    return send(this.#owner).catch((error: unknown) => {
      if (ELSEWHERE.has((error as RedisLinkError).code ?? '')) this.#moves.lookAround();
      throw error;
    });
  }
}
