import { type Observable, of } from 'rxjs';
import { Cached, CacheTags, InvalidateTags } from '../../lib/index.js';

interface User {
  id: string;
  team: string;
}
declare const user: User;
const found = Promise.resolve(user);
const perhaps = Promise.resolve<User | null>(null);
const TAGS: string[] = ['users'];
const FEW_TAGS = ['users', 'admins'] as const;

export class FromArguments {
  readonly #prefix = 'acme';

  @Cached()
  @CacheTags(
    'users',
    (id: string) => `user:${id}`,
    (id: string, page?: number) => [id, `page:${page}`],
    () => null,
  )
  several(_id: string, _page?: number): Promise<User> {
    return found;
  }
  @Cached()
  @CacheTags(...TAGS, ...FEW_TAGS, (id: string) => (id === '' ? undefined : FEW_TAGS))
  spread(_id: string): Promise<User> {
    return found;
  }
  @Cached()
  @CacheTags(function (this: FromArguments, id: string) {
    return `${this.#prefix}:${id}`;
  })
  ofInstance(_id: string): Promise<User> {
    return found;
  }
  @Cached()
  @CacheTags((id: string) => id)
  ofObservable(_id: string): Observable<User> {
    return of(user);
  }
  @Cached()
  @CacheTags((value: User) => value.id)
  generic<T extends User>(_value: T): Promise<T> {
    return found as Promise<T>;
  }
  @Cached()
  // @ts-expect-error the method has no number
  @CacheTags((id: number) => `user:${id}`)
  wrong(_id: string): Promise<User> {
    return found;
  }
  @Cached()
  // @ts-expect-error the second function does not fit, though the first does
  @CacheTags(
    (id: string) => id,
    (id: number) => `user:${id}`,
  )
  wrongSecond(_id: string): Promise<User> {
    return found;
  }
  @Cached()
  // @ts-expect-error the method has one parameter
  @CacheTags('users', (id: string, page: number) => `${id}:${page}`)
  more(_id: string): Promise<User> {
    return found;
  }
  @Cached()
  // @ts-expect-error the page may be missing
  @CacheTags((_id: string, page: number) => `page:${page}`)
  optional(_id: string, _page?: number): Promise<User> {
    return found;
  }
  @Cached()
  // @ts-expect-error a number is no tag
  @CacheTags(5)
  number(): Promise<User> {
    return found;
  }
  @Cached()
  // @ts-expect-error a function has to return texts
  @CacheTags((id: number) => id)
  numbers(_id: number): Promise<User> {
    return found;
  }
  @Cached()
  // @ts-expect-error a tag is known before the load
  @CacheTags((id: string) => Promise.resolve(id))
  promised(_id: string): Promise<User> {
    return found;
  }
}

export class FromTheResult {
  @Cached()
  @CacheTags.ofResult((result: User | null, id: string) => (result === null ? id : [result.id, result.team]))
  union(_id: string): Promise<User | null> {
    return perhaps;
  }
  @Cached()
  @CacheTags.ofResult((users: User[]) => users.map(({ id }) => id))
  list(): Promise<User[]> {
    return Promise.resolve([user]);
  }
  @Cached()
  @CacheTags.ofResult((result: User) => result.id)
  emitted(): Observable<User> {
    return of(user);
  }
  @Cached()
  // @ts-expect-error the result may be null
  @CacheTags.ofResult((result: User) => result.id)
  nullForgotten(): Promise<User | null> {
    return perhaps;
  }
  @Cached()
  // @ts-expect-error the result comes before the arguments
  @CacheTags.ofResult((id: string) => id)
  resultFirst(_id: string): Promise<User> {
    return found;
  }
  @Cached()
  // @ts-expect-error it is given what is emitted, not the Observable
  @CacheTags.ofResult((result: Observable<User>) => (result === undefined ? 'a' : 'b'))
  observable(): Observable<User> {
    return of(user);
  }
  @Cached()
  // @ts-expect-error a text follows from no result
  @CacheTags.ofResult('users')
  text(): Promise<User> {
    return found;
  }
}

export class Writes {
  @InvalidateTags('users', (id: string) => `user:${id}`)
  update(_id: string, _dto: { name: string }): Promise<User> {
    return found;
  }
  @InvalidateTags(...TAGS)
  @InvalidateTags.ofResult((result: User, id: string) => [result.team, id])
  both(_id: string): Promise<User> {
    return found;
  }
  @InvalidateTags.ofResult((ids: string[]) => ids)
  observable(): Observable<string[]> {
    return of(['1']);
  }
  @InvalidateTags('users')
  nothing(): Promise<void> {
    return Promise.resolve();
  }
  // @ts-expect-error the method has no number
  @InvalidateTags((id: number) => `user:${id}`)
  wrong(_id: string): Promise<User> {
    return found;
  }
  // @ts-expect-error the id may be missing
  @InvalidateTags((id: string) => `user:${id}`)
  optional(_id?: string): Promise<User> {
    return found;
  }
  // @ts-expect-error the result may be null
  @InvalidateTags.ofResult((result: User) => result.team)
  nullForgotten(): Promise<User | null> {
    return perhaps;
  }
  // @ts-expect-error the method's argument is a text
  @InvalidateTags.ofResult((_result: User, id: number) => `user:${id}`)
  wrongArgument(_id: string): Promise<User> {
    return found;
  }
  // @ts-expect-error a number is no tag
  @InvalidateTags(7)
  number(): Promise<User> {
    return found;
  }
}

/** What stands in a class for T is not known to the decorators: their functions take it as unknown, or without a type. */
export class Repository<T extends User> {
  constructor(private readonly rows: T[]) {}

  @Cached({ key: (id: string) => id, shouldCache: (row: unknown, id: string) => row !== id })
  @CacheTags((id: string) => `row:${id}`)
  @CacheTags.ofResult((row) => (row as User | undefined)?.team)
  find(_id: string): Promise<T | undefined> {
    return Promise.resolve(this.rows[0]);
  }
  @Cached()
  // @ts-expect-error no T is a number, whatever T is
  @CacheTags.ofResult((row: number) => `row:${row}`)
  wrong(): Promise<T> {
    return this.find('') as Promise<T>;
  }
}
