import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  Logger,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { systemClock } from '../core/clock.js';
import type { CallSites } from './call-sites.js';
import type { LayerCaches } from './layer-caches.js';
import { CALL_SITES, LAYER_CACHES, LOGGER_CONTEXT } from './tokens.js';

/** How long a shutdown waits for loads that no caller waits for. */
const PATIENCE_MS = 10_000;

/** Says at the start what runs, and lets at the end come to its end what runs behind callers' backs. */
@Injectable()
export class Lifecycle implements OnModuleInit, BeforeApplicationShutdown, OnApplicationShutdown {
  readonly #caches: LayerCaches;
  readonly #sites: CallSites;
  readonly #logger = new Logger(LOGGER_CONTEXT);

  constructor(@Inject(LAYER_CACHES) caches: LayerCaches, @Inject(CALL_SITES) sites: CallSites) {
    this.#caches = caches;
    this.#sites = sites;
  }

  /** After the decorators were checked: a start that fails must leave no connection behind. */
  async onModuleInit(): Promise<void> {
    if (!this.#sites.isComplete) return;
    await Promise.all(this.#caches.all().map(({ engine }) => engine.ready()));
    const isProduction = process.env['NODE_ENV'] === 'production';
    for (const { name, summary, isMemoryOnly } of this.#caches.all()) {
      this.#logger.log(`cache '${name}': ${summary}`);
      if (!isProduction || !isMemoryOnly) continue;
      this.#logger.warn(
        `cache '${name}' is in memory only: another instance of this service does not hear of its invalidations, ` +
          'and serves what it holds until its ttl.',
      );
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    const drained = Promise.all(this.#caches.all().map(({ drain }) => drain.close()));
    await new Promise<void>((resolve) => {
      const stopWaiting = systemClock.after(PATIENCE_MS, () => {
        this.#logger.warn(
          'shutdown: waits no longer for loads without callers. Give them a timeout to end them sooner.',
        );
        resolve();
      });
      void drained.then(() => {
        stopWaiting();
        resolve();
      });
    });
  }

  /** Requests that came before the end have told others what they changed by now. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.#caches.all().map(({ engine }) => engine.leave()));
  }
}
