/**
 * A way from one cache to Redis, as `LossyNetwork.way` makes it: a port of the loopback behind which Redis answers. It is whole until
 * a test says otherwise. Of `mute`, `loseRequests`, `loseReplies` and `loseMessages` the last one said holds; `delay`, `drip` and
 * `cut` hold beside it. `heal` ends them all. Once the network is closed, all but `connections` throw or reject.
 */
export interface LossyWay {
  /** Where it begins: always `'127.0.0.1'`. */
  readonly host: string;
  /** The port at which it begins, also while it is cut. */
  readonly port: number;
  /** What to give to one cache, as `redis: { url }`: the way in place of the host, with user, password and database as they were. */
  readonly url: string;
  /** How many connections lead through it now. A cache has two, one of which hears messages. */
  readonly connections: number;

  /** Breaks all connections, and refuses new ones. */
  cut(): Promise<void>;

  /** Loses all that is sent, both ways, on connections that stay: neither side is told that the other does not hear it. */
  mute(): void;

  /** Loses what is asked. What Redis says by itself still comes, messages above all. */
  loseRequests(): void;

  /** Loses what Redis says: what it is asked to do takes effect, and nobody learns that. */
  loseReplies(): void;

  /**
   * Loses the messages of pub/sub that Redis begins to send from now on, each as a whole. All else passes, on connections that
   * stay. It knows messages of RESP2 and RESP3, `message`, `smessage` and `pmessage`; what is of neither protocol passes.
   */
  loseMessages(): void;

  /**
   * From now on everything takes longer, each way: an answer comes two times `ms` later.
   *
   * @param ms - In milliseconds, from 0 on, which is as it was.
   */
  delay(ms: number): void;

  /** From now on everything comes in drops of 64 bytes, one a millisecond. */
  drip(): void;

  /**
   * Ends all that was said, and delivers what is delayed. A connection of which anything but whole messages was lost is broken
   * now, and may be made anew: what came next on it would be taken for the answer to an earlier question.
   */
  heal(): Promise<void>;

  /**
   * Resolves once `mute`, `loseRequests`, `loseReplies` or `loseMessages`, whichever was said last, has lost anything, be it before
   * this call. Rejects if the network is closed before.
   */
  untilLost(): Promise<void>;
}
