import type { RedisTarget } from '../policy/redis-target.js';
import { exposureOf, hazardOf, ownOptions } from './client-options.js';
import { type Driver, type DriverClient, made } from './driver.js';

/** The two clients of a link, not yet connected by it, and what has to be said of them. */
export interface LinkClients {
  readonly data: DriverClient;
  readonly subscriber: DriverClient;
  readonly warnings: readonly string[];
}

/** A client of the user's carries the data; nobody else may use the one that listens, so that it is made of his. */
export function lentClients(lent: DriverClient, name: string): LinkClients {
  const subscriber = made(() => lent.duplicate(ownOptions(lent.options, `${name}:subscriber`)));
  return { data: lent, subscriber, warnings: [hazardOf(lent) ?? [], exposureOf(lent.options) ?? []].flat() };
}

export function ownClients(target: RedisTarget, name: string, driver: Driver): LinkClients {
  const options = target.connection();
  return {
    data: made(() => new driver.Redis(ownOptions(options, name))),
    subscriber: made(() => new driver.Redis(ownOptions(options, `${name}:subscriber`))),
    warnings: [exposureOf(options) ?? []].flat(),
  };
}
