import type { ModuleMetadata } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { afterEach } from '@jest/globals';
import {
  LayerCacheTestingModule,
  type LayerCacheTestingOptions,
  ManualClock,
  RecordingObserver,
} from '../../lib/testing/index.js';
import { RecordingLogger } from './recording-logger.js';

/** An application under test. It is closed when the test is over. */
export interface Started {
  readonly app: TestingModule;
  readonly logger: RecordingLogger;
}

/** One with a default cache, with its hands and ears. */
export interface StartedWithCache extends Started {
  readonly clock: ManualClock;
  readonly heard: RecordingObserver;
}

const open = new Set<TestingModule>();

afterEach(async () => {
  const apps = [...open];
  open.clear();
  await Promise.all(apps.map((app) => app.close()));
});

/** Starts an application of just this. */
export async function startPlain(metadata: ModuleMetadata): Promise<Started> {
  const logger = new RecordingLogger();
  const app = await Test.createTestingModule(metadata).setLogger(logger).compile();
  await app.init();
  open.add(app);
  return { app, logger };
}

/** Starts an application of this and a default cache. */
export async function start(
  metadata: ModuleMetadata,
  options: LayerCacheTestingOptions = {},
): Promise<StartedWithCache> {
  const clock = new ManualClock(1_000);
  const heard = new RecordingObserver();
  const cache = LayerCacheTestingModule.forRoot({ clock, observers: [heard], ...options });
  const started = await startPlain({ ...metadata, imports: [cache, ...(metadata.imports ?? [])] });
  return { ...started, clock, heard };
}

/** What the start of an application stops with. */
export async function mistakeOf(metadata: ModuleMetadata, options?: LayerCacheTestingOptions): Promise<unknown> {
  try {
    await start(metadata, options);
  } catch (error) {
    return error;
  }
  throw new Error('the application started');
}
