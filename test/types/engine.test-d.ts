import {
  type CacheObserver,
  type CacheStats,
  createLayerCache,
  type Duration,
  type LayerCacheOptions,
  type LoadContext,
  type Lookup,
} from '../../lib/index.js';
import { type Equal, expectType } from './equal.js';

interface User {
  id: string;
}
declare const user: User;
const cache = createLayerCache();

// Durations
'250ms' satisfies Duration;
'1.5h' satisfies Duration;
60_000 satisfies Duration;
// @ts-expect-error a unit is missing
'60' satisfies Duration;
// @ts-expect-error no such unit
'5 minutes' satisfies Duration;

// Options: no typo passes, and what is said to be off is off
createLayerCache({
  ttl: '5m',
  negativeTtl: false,
  timeout: false,
  memory: { max: 5, maxBytes: '64mb', isolation: 'clone' },
});
createLayerCache({ memory: false });
// @ts-expect-error a mistyped option
createLayerCache({ tll: '5m' });
// @ts-expect-error a mistyped option of the memory tier
createLayerCache({ memory: { maxSize: 5 } });
// @ts-expect-error not a way to isolate
createLayerCache({ memory: { isolation: 'freez' } });
// @ts-expect-error only negativeTtl and timeout can be false
createLayerCache({ ttl: false });

// The loader decides the type
const loaded = cache.getOrSet('k', () => user);
expectType<Equal<typeof loaded, Promise<User>>>();
const promised = cache.getOrSet('k', () => Promise.resolve(user));
expectType<Equal<typeof promised, Promise<User>>>();
const withSignal = cache.getOrSet('k', ({ signal }) => Promise.resolve(signal.aborted ? null : user));
expectType<Equal<typeof withSignal, Promise<User | null>>>();
const withOld = cache.getOrSet('k', ({ stale }) => {
  expectType<Equal<typeof stale, unknown>>();
  return user;
});
expectType<Equal<typeof withOld, Promise<User>>>();
void cache.getOrSet<User>('k', (context) => {
  expectType<Equal<typeof context, LoadContext<User>>>();
  expectType<Equal<typeof context.stale, User | undefined>>();
  context.adapt({ ttl: '5m', tags: ['users'] });
  context.skip();
  return user;
});
// @ts-expect-error the loader gives no User
void cache.getOrSet<User>('k', () => 5);
// @ts-expect-error a value is no loader
void cache.getOrSet('k', user);
// @ts-expect-error a cache's option is not a call's
void cache.getOrSet('k', () => user, { memory: {} });

// Reading without a loader
const read = cache.get<User>('k');
expectType<Equal<typeof read, Promise<User | undefined>>>();
const looked = cache.lookup<User>('k');
expectType<Equal<typeof looked, Promise<Lookup<User>>>>();
void looked.then((found) => {
  // @ts-expect-error there may be no value
  void found.value;
  if (found.found) expectType<Equal<typeof found.value, User>>();
});

// wrap keeps the function's own type
const find = cache.wrap('find', (id: string, page?: number) => Promise.resolve({ id, page }));
void find('1');
void find('1', 2);
// @ts-expect-error a wrong argument
void find(1);
const identity = cache.wrap('identity', <T>(value: T) => Promise.resolve(value));
const same = identity(user);
expectType<Equal<typeof same, Promise<User>>>();
// @ts-expect-error a function that promises nothing would change its type
cache.wrap('sync', (id: string) => id);

const stats = cache.stats();
expectType<Equal<typeof stats, CacheStats>>();

// Observers pick their events
({ hit: (name, key, tier) => void [name, key, tier] }) satisfies CacheObserver;
// @ts-expect-error no such event
({ hitt: () => undefined }) satisfies CacheObserver;
({ staleIfError: '1h', softTimeout: '200ms' }) satisfies LayerCacheOptions;
