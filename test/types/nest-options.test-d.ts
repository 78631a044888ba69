import { Cached } from '../../lib/index.js';

interface Search {
  text: string;
}
class SearchDto implements Search {
  text = '';
}
const found = Promise.resolve('found');

/** What key() may return: all that an argument may be. */
export class KeyParts {
  @Cached({ key: ({ text }: Search) => ({ text, sorted: true }) })
  objectLiteral(_search: Search): Promise<string> {
    return found;
  }
  @Cached({ key: (search: Search) => search })
  interfaced(_search: Search): Promise<string> {
    return found;
  }
  @Cached({ key: (search: SearchDto) => search })
  instance(_search: SearchDto): Promise<string> {
    return found;
  }
  @Cached({ key: (since: Date) => since })
  date(_since: Date): Promise<string> {
    return found;
  }
  @Cached({ key: (id: string | null) => [id] })
  inAList(_id: string | null): Promise<string> {
    return found;
  }
  // @ts-expect-error null tells no calls apart
  @Cached({ key: (id: string | null) => id })
  nullable(_id: string | null): Promise<string> {
    return found;
  }
  // @ts-expect-error nor does undefined
  @Cached({ key: (_user: string, page?: number) => page })
  perhapsMissing(_user: string, _page?: number): Promise<string> {
    return found;
  }
  // @ts-expect-error two promises would have one key
  @Cached({ key: (id: string) => Promise.resolve(id) })
  promised(_id: string): Promise<string> {
    return found;
  }
}

export class Options {
  @Cached({ ttl: '5m', cache: 'catalog', name: 'users', type: Options, shared: true, negativeTtl: false })
  right(): Promise<string> {
    return found;
  }
  // @ts-expect-error a mistyped option
  @Cached({ tll: '5m' })
  typo(): Promise<string> {
    return found;
  }
  // @ts-expect-error a mistyped option beside a function
  @Cached({ key: (id: string) => id, shard: true })
  typoBesideFunction(_id: string): Promise<string> {
    return found;
  }
  // @ts-expect-error tags are given by @CacheTags
  @Cached({ tags: ['users'] })
  tags(): Promise<string> {
    return found;
  }
  // @ts-expect-error no such unit
  @Cached({ ttl: '5 minutes' })
  duration(): Promise<string> {
    return found;
  }
  // @ts-expect-error a single call's option
  @Cached({ force: true })
  force(): Promise<string> {
    return found;
  }
  // @ts-expect-error a cache's option
  @Cached({ memory: { max: 5 } })
  memory(): Promise<string> {
    return found;
  }
  // @ts-expect-error the class itself is wanted, not its name
  @Cached({ type: 'User' })
  type(): Promise<string> {
    return found;
  }
}
