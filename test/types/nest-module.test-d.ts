import { Injectable, type DynamicModule } from '@nestjs/common';
import type { Observable } from 'rxjs';
import {
  type ArgumentsOf,
  Cached,
  CacheService,
  type CacheableMethod,
  getCacheToken,
  InjectCache,
  LayerCacheModule,
  type LayerCacheOptions,
  type LayerCacheOptionsFactory,
  type LoadContext,
  loadContext,
} from '../../lib/index.js';
import { LayerCacheTestingModule, ManualClock } from '../../lib/testing/index.js';
import { type Equal, expectType } from './equal.js';

interface User {
  id: string;
}

// forRoot
const registered = LayerCacheModule.forRoot();
expectType<Equal<typeof registered, DynamicModule>>();
LayerCacheModule.forRoot({ ttl: '5m', prefix: 'shop', isGlobal: false, name: 'catalog' });
// @ts-expect-error a mistyped option
LayerCacheModule.forRoot({ tll: '5m' });
// @ts-expect-error a mistyped extra
LayerCacheModule.forRoot({ global: true });
// @ts-expect-error true or false
LayerCacheModule.forRoot({ isGlobal: 'yes' });
// @ts-expect-error a text
LayerCacheModule.forRoot({ name: Symbol('catalog') });

// forRootAsync
class ConfigService<Values = Record<string, unknown>> {
  constructor(private readonly values: Values) {}

  // oxlint-disable-next-line typescript/no-explicit-any -- as that of Nest
  getOrThrow<T = any>(name: string): T {
    return (this.values as Record<string, unknown>)[name] as T;
  }
}
class ConfigModule {}
@Injectable()
class CacheConfig implements LayerCacheOptionsFactory {
  createLayerCacheOptions(): LayerCacheOptions {
    return { ttl: '5m' };
  }
}
class AsyncCacheConfig implements LayerCacheOptionsFactory {
  constructor(readonly config: ConfigService) {}

  createLayerCacheOptions(): Promise<LayerCacheOptions> {
    return Promise.resolve({ ttl: this.config.getOrThrow('TTL') });
  }
}
class NoFactory {
  createOptions(): LayerCacheOptions {
    return {};
  }
}
LayerCacheModule.forRootAsync({ useFactory: () => ({ ttl: '5m', memory: { max: 5, isolation: 'clone' } }) });
LayerCacheModule.forRootAsync({ useFactory: () => Promise.resolve<LayerCacheOptions>({ ttl: '5m' }) });
LayerCacheModule.forRootAsync({ useFactory: async (ttl: Promise<'5m'>) => ({ ttl: await ttl }) });
LayerCacheModule.forRootAsync({
  imports: [ConfigModule],
  inject: [ConfigService],
  useFactory: (config: ConfigService) => ({
    ttl: config.getOrThrow('TTL'),
    prefix: config.getOrThrow<string>('PREFIX'),
  }),
  isGlobal: false,
  name: 'catalog',
});
LayerCacheModule.forRootAsync({
  inject: [ConfigService, { token: 'TENANT', optional: true }],
  useFactory: (config: ConfigService, tenant?: () => string) => ({
    ttl: config.getOrThrow('TTL'),
    ...(tenant && { keyContext: tenant }),
  }),
});
LayerCacheModule.forRootAsync({ useClass: CacheConfig, name: 'catalog' });
LayerCacheModule.forRootAsync({ useClass: AsyncCacheConfig });
LayerCacheModule.forRootAsync({ imports: [ConfigModule], useExisting: CacheConfig, isGlobal: true });
// @ts-expect-error a factory of something else
LayerCacheModule.forRootAsync({ useFactory: () => 'redis://' });
// @ts-expect-error an option that is not one
LayerCacheModule.forRootAsync({ useFactory: () => ({ ttl: '5 minutes' }) });
// @ts-expect-error a class without createLayerCacheOptions()
LayerCacheModule.forRootAsync({ useClass: NoFactory });
// @ts-expect-error the same
LayerCacheModule.forRootAsync({ useExisting: NoFactory });
// @ts-expect-error an option that belongs into what the factory returns
LayerCacheModule.forRootAsync({ useFactory: () => ({}), ttl: '5m' });

// The module for tests
LayerCacheTestingModule.forRoot();
LayerCacheTestingModule.forRoot({ clock: new ManualClock(), ttl: '5m', name: 'catalog', isGlobal: false });
// @ts-expect-error a mistyped option
LayerCacheTestingModule.forRoot({ clok: new ManualClock() });
// @ts-expect-error not a clock
LayerCacheTestingModule.forRoot({ clock: Date });

// Injection
const token = getCacheToken('catalog');
expectType<Equal<typeof token, symbol>>();
export class Shop {
  @InjectCache('catalog')
  readonly catalog!: CacheService;
  @InjectCache()
  private readonly own!: CacheService;

  constructor(
    @InjectCache() readonly cache: CacheService,
    @InjectCache('other') private readonly other: CacheService,
    readonly byClass: CacheService,
  ) {}

  all(): CacheService[] {
    return [this.own, this.other];
  }
}
// @ts-expect-error a cache is named by a text
InjectCache(5);
// @ts-expect-error a CacheService knows its engine: it is injected, not made
new CacheService();

// Calls by class and method
class UsersService {
  readonly #rows: User[] = [];
  private readonly limit = 1;
  readonly title = 'users';

  @Cached()
  async findOne(_id: string, page = this.limit): Promise<User | null> {
    return (await this.hidden(page)) ?? null;
  }
  search(_query: { text: string }, ..._tags: string[]): Promise<User[]> {
    return Promise.resolve(this.#rows);
  }
  declare watch: (id: string) => Observable<User>;
  pick<K extends keyof User>(_field: K): Promise<User[K]> {
    return Promise.reject(new Error('none'));
  }
  ofThis(this: UsersService, _id: number): Promise<this> {
    return Promise.reject(new Error('none'));
  }
  count(): number {
    return this.#rows.length;
  }
  private hidden(page: number): Promise<User | undefined> {
    return Promise.resolve(this.#rows[page]);
  }
}
class AdminsService extends UsersService {
  promote(_id: number): Promise<void> {
    return Promise.resolve();
  }
}
abstract class Repository<T> {
  constructor(protected readonly rows: T[]) {}
  abstract find(id: number): Promise<T>;
  first(_count?: number): Promise<T | undefined> {
    return Promise.resolve(this.rows[0]);
  }
}
class Books extends Repository<{ title: string }> {
  find(_id: number): Promise<{ title: string }> {
    return this.first() as Promise<{ title: string }>;
  }
}
expectType<Equal<CacheableMethod<UsersService>, 'findOne' | 'search' | 'watch' | 'pick' | 'ofThis'>>();
expectType<Equal<ArgumentsOf<UsersService, 'findOne'>, [_id: string, page?: number | undefined]>>();

export function callsByClassAndMethod(cache: CacheService): void {
  const key = cache.keyOf(UsersService, 'findOne', ['1']);
  expectType<Equal<typeof key, string>>();
  const evicted = cache.evict(UsersService, 'findOne', ['1', 2]);
  expectType<Equal<typeof evicted, Promise<void>>>();
  void cache.evict(UsersService, 'search', [{ text: 'a' }, 'b', 'c']);
  void cache.evict(UsersService, 'watch', ['1']);
  void cache.evict(UsersService, 'pick', ['id']);
  void cache.evict(UsersService, 'ofThis', [1]);
  void cache.evict(AdminsService, 'findOne', ['1']);
  void cache.evict(AdminsService, 'promote', [1]);
  void cache.evict(Repository, 'find', [1]);
  void cache.evict(Books, 'first', []);
  // @ts-expect-error the method takes a text
  void cache.evict(UsersService, 'findOne', [1]);
  // @ts-expect-error the first argument is missing
  void cache.evict(UsersService, 'findOne', []);
  // @ts-expect-error the arguments come in a list
  void cache.evict(UsersService, 'findOne', '1');
  // @ts-expect-error one argument too many
  void cache.evict(UsersService, 'findOne', ['1', 2, 3]);
  // @ts-expect-error the id of a book is a number
  void cache.evict(Books, 'find', ['1']);
  // @ts-expect-error no such method
  void cache.evict(UsersService, 'findTwo', ['1']);
  // @ts-expect-error only its subclass has it
  void cache.evict(UsersService, 'promote', [1]);
  // @ts-expect-error a private method
  void cache.evict(UsersService, 'hidden', [1]);
  // @ts-expect-error a sync method
  void cache.evict(UsersService, 'count', []);
  // @ts-expect-error no method at all
  void cache.evict(UsersService, 'title', []);
  // @ts-expect-error an instance is no class
  void cache.evict(new UsersService(), 'findOne', ['1']);
  // @ts-expect-error the method takes a text, here too
  cache.keyOf(UsersService, 'findOne', [1]);
  // @ts-expect-error a sync method, here too
  cache.keyOf(UsersService, 'count', []);
}

// The context of the running load
const context = loadContext<User[]>();
expectType<Equal<typeof context, LoadContext<User[]>>>();
expectType<Equal<typeof context.stale, User[] | undefined>>();
const untyped = loadContext();
expectType<Equal<typeof untyped.stale, unknown>>();
context.adapt({ ttl: '5m', tags: ['users'] });
// @ts-expect-error a mistyped option
context.adapt({ tll: '5m' });
// @ts-expect-error an option of a call is decided before it
context.adapt({ force: true });
