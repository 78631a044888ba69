import { type Observable, of } from 'rxjs';
import { Cached, InvalidateTags } from '../../lib/index.js';

interface User {
  id: string;
}
interface SearchQuery {
  text: string;
}
declare const user: User;
const found = Promise.resolve(user);
const perhaps = Promise.resolve<User | null>(null);

/** Where a type error is expected, it is that of the line below and of nothing else: each stands beside one that compiles. */
export class KeyAndWhen {
  readonly #tenant: string = 'acme';

  @Cached({
    key: (id: string, page?: number) => [id, page],
    when: (id: string, page?: number) => id !== '' || page !== 1,
  })
  all(_id: string, _page?: number): Promise<User> {
    return found;
  }
  @Cached({ key: (id: string) => id, when: () => true })
  fewer(_id: string, _page: number): Promise<User> {
    return found;
  }
  @Cached({ key: (id) => id as string, when: (id) => id !== '' })
  untyped(_id: string): Promise<User> {
    return found;
  }
  // @ts-expect-error the method has no number
  @Cached({ key: (id: number) => id })
  wrongKey(_id: string): Promise<User> {
    return found;
  }
  // @ts-expect-error the method has no number
  @Cached({ when: (id: number) => id > 0 })
  wrongWhen(_id: string): Promise<User> {
    return found;
  }
  // @ts-expect-error the method has no second parameter
  @Cached({ key: (id: string, page: number) => [id, page] })
  moreParameters(_id: string): Promise<User> {
    return found;
  }
  // @ts-expect-error the page may be missing
  @Cached({ key: (id: string, page: number) => [id, page] })
  optional(_id: string, _page?: number): Promise<User> {
    return found;
  }
  // @ts-expect-error the page may be missing
  @Cached({ when: (_id: string, page: number) => page > 0 })
  withDefault(_id: string, _page = 1): Promise<User> {
    return found;
  }
  @Cached({ key: (id: string, ...rest: number[]) => [id, ...rest] })
  rest(_id: string, ..._rest: number[]): Promise<User> {
    return found;
  }
  // @ts-expect-error an id that may be null
  @Cached({ key: (id: string) => id })
  nullable(_id: string | null): Promise<User> {
    return found;
  }
  @Cached({ key: (id: string | number | null) => [id] })
  wider(_id: string): Promise<User> {
    return found;
  }
  @Cached({ key: ({ text }: SearchQuery) => ({ text, sorted: true }) })
  object(_query: SearchQuery): Promise<User> {
    return found;
  }
  @Cached({
    key(this: KeyAndWhen, id: string) {
      return [this.#tenant, id];
    },
    when(this: KeyAndWhen) {
      return this.#tenant !== '';
    },
  })
  ofInstance(_id: string): Promise<User> {
    return found;
  }
  @Cached({ key: (id: string) => id })
  withThis(this: KeyAndWhen, _id: string): Promise<User> {
    return found;
  }
  // @ts-expect-error what is awaited is decided too late
  @Cached({ when: () => Promise.resolve(true) })
  asyncWhen(): Promise<User> {
    return found;
  }
  // @ts-expect-error two promises would have one key
  @Cached({ key: () => Promise.resolve('a') })
  asyncKey(): Promise<User> {
    return found;
  }
  @Cached({ key: (value: unknown) => [value] })
  generic<T extends User>(_value: T): Promise<T> {
    return found as Promise<T>;
  }
  // @ts-expect-error not every User is one of them
  @Cached({ key: (value: User & { admin: boolean }) => [value.admin] })
  tooNarrow<T extends User>(_value: T): Promise<T> {
    return found as Promise<T>;
  }
}

export class ShouldCacheAndAdapt {
  @Cached({
    shouldCache: (result: User | null, id: string) => result?.id === id,
    adapt: (result: User | null) => (result === null ? { ttl: '1s' } : { tags: [result.id] }),
  })
  union(_id: string): Promise<User | null> {
    return perhaps;
  }
  // @ts-expect-error the result may be null
  @Cached({ shouldCache: (result: User) => result.id !== '' })
  nullForgotten(_id: string): Promise<User | null> {
    return perhaps;
  }
  // @ts-expect-error the result may be null
  @Cached({ adapt: (result: User) => ({ tags: [result.id] }) })
  nullForgottenAgain(_id: string): Promise<User | null> {
    return perhaps;
  }
  // @ts-expect-error it is given the result, not its promise
  @Cached({ shouldCache: (result: Promise<User>) => result instanceof Promise })
  promised(): Promise<User> {
    return found;
  }
  @Cached({ shouldCache: (result: User) => result.id !== '' })
  emitted(): Observable<User> {
    return of(user);
  }
  // @ts-expect-error it is given what is emitted, not the Observable
  @Cached({ shouldCache: (result: Observable<User>) => result !== undefined })
  observable(): Observable<User> {
    return of(user);
  }
  // @ts-expect-error its arguments come after the result
  @Cached({ adapt: (_id: string) => ({ ttl: '1s' }) })
  resultFirst(_id: string): Promise<User> {
    return found;
  }
  // @ts-expect-error the method's argument is a string
  @Cached({ shouldCache: (_result: User, id: number) => id > 0 })
  wrongArgument(_id: string): Promise<User> {
    return found;
  }
  // @ts-expect-error a mistyped option in what adapt returns
  @Cached({ adapt: () => ({ tll: '1s' }) })
  typo(): Promise<User> {
    return found;
  }
  @Cached({ adapt: (result: User | null) => (result === null ? { ttl: '1s' } : undefined) })
  sometimes(): Promise<User | null> {
    return perhaps;
  }
  @Cached({ adapt: (result: unknown) => (result === null ? { ttl: '1s' } : {}), shouldCache: Boolean })
  ofUnknown(): Promise<User | null> {
    return perhaps;
  }
  @Cached({ shouldCache: (result: User, id: string) => result.id === id })
  // oxlint-disable-next-line typescript/no-explicit-any -- the type of a source that has none
  ofAny(_id: string): Promise<any> {
    return found;
  }
  @Cached({ shouldCache: (result: void) => result === undefined })
  nothing(): Promise<void> {
    return Promise.resolve();
  }
}

export class WhatCanBeCached {
  readonly #own = found;
  private readonly owned = found;

  @Cached()
  async asynchronous(): Promise<User> {
    return (await this.#own) ?? (await this.owned);
  }
  @Cached({ key: (id: string) => id })
  private hidden(_id: string): Promise<User> {
    return this.#own;
  }
  @Cached()
  protected either(_id: string): Promise<User> | Observable<User> {
    return this.hidden(_id);
  }
  // @ts-expect-error the method promises nothing
  @Cached()
  sync(): User {
    return user;
  }
  // @ts-expect-error the method promises something only now and then
  @Cached()
  perhapsSync(): User | Promise<User> {
    return user;
  }
  // @ts-expect-error a property is no method
  @Cached()
  property = () => found;
  // @ts-expect-error nor is a getter
  @Cached()
  get getter(): Promise<User> {
    return found;
  }
  // @ts-expect-error the method promises nothing
  @InvalidateTags('users')
  syncWrite(): User {
    return user;
  }
  // @ts-expect-error nor does one that returns nothing
  @InvalidateTags.ofResult(() => 'users')
  voidWrite(): void {}
}
