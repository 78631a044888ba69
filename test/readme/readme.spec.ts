import { existsSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { HttpException, NotFoundException } from '@nestjs/common';
import { isNotFoundError } from '../../lib/nest/not-found.js';
import { parseDuration } from '../../lib/policy/duration.js';
import { resolveOptions } from '../../lib/policy/resolve-options.js';
import { textOf } from '../architecture/source-tree.js';
import { BlockProgram } from './block-program.js';
import { codesIn, Markdown } from './markdown.js';
import { type OptionRow, optionRowsOf } from './option-rows.js';
import { run } from './run-block.js';

const readme = new Markdown('README.md', textOf('README.md'));

/** One mistake in each kind of block. */
const faulty = new Markdown(
  'faulty.md',
  `
\`\`\`ts
LayerCacheModule.forRoot({
  staleWhileRevalidat: '30s',
});
\`\`\`

<!-- inside: class -->

\`\`\`ts
@Cached()
@CacheTags((id: number) => \`user:\${id}\`)
findOne(id: string): Promise<User | null> {
  return this.repository.findOneBy({ id });
}
\`\`\`

<!-- inside: function -->

\`\`\`ts
import { ManualClock } from 'nestjs-layercache/testing';

await new ManualClock().advance('1m');
await nobodyKnows(cache);
\`\`\`

<!-- inside: controller -->

\`\`\`ts
@Get()
@Cached({ ttl: '1 minute' })
find(): Promise<Product> {
  return this.products.find(1);
\`\`\`
`,
);

let program: BlockProgram;

beforeAll(() => {
  program = new BlockProgram([readme, faulty]);
});

describe('The examples of the README', () => {
  it('are marked as what they are', () => {
    const languages = new Set(readme.blocks.map(({ language }) => language));
    expect([...languages].sort()).toEqual(['sh', 'text', 'ts']);
  });

  it('compile', () => {
    expect(program.complaintsOf(readme)).toEqual([]);
  });

  it('would not, and the line would be told, with a mistake in them', () => {
    expect(program.complaintsOf(faulty)).toEqual([
      expect.stringMatching(/^faulty\.md:4: .*staleWhileRevalidat/),
      expect.stringMatching(/^faulty\.md:12: .*parameters of a tag function do not fit the method/),
      expect.stringMatching(/^faulty\.md:23: .*'string' is not assignable to parameter of type 'number'/),
      expect.stringMatching(/^faulty\.md:24: Cannot find name 'nobodyKnows'/),
      expect.stringMatching(/^faulty\.md:33: Unexpected token/),
      expect.stringMatching(/^faulty\.md:31: .*'"1 minute"' is not assignable/),
    ]);
  });

  const programs = readme.blocks.filter(({ note }) => note.startsWith('runs: '));

  it.each(programs.map((block) => [block.note.slice(6), block] as const))('print what it says: %s', (_, block) => {
    const said = readme.after(block);
    expect(said).toMatchObject({ language: 'text', note: '' });
    expect(run(block)).toEqual({ status: 0, stdout: `${said?.text}\n`, stderr: '' });
  });
});

describe('The tables of options', () => {
  const [policyTable, cacheTable] = readme.tablesOf('option', 'unit', 'default').map(optionRowsOf);
  const rows: readonly OptionRow[] = [...(policyTable ?? []), ...(cacheTable ?? [])];
  const settings = resolveOptions();

  const namesOf = (table: readonly OptionRow[] | undefined) => table?.map(({ name }) => name).sort();
  const rowOf = (name: string) => rows.find((row) => row.name === name);
  const without = (names: readonly string[], others: readonly string[]) =>
    names.filter((name) => !others.includes(name)).sort();

  it('name every option, and nothing else', () => {
    const policy = program.propertiesOf('CachePolicyOptions');
    expect(namesOf(policyTable)).toEqual([...policy].sort());
    expect(namesOf(cacheTable)).toEqual(without(program.propertiesOf('LayerCacheOptions'), policy));
    const [decorator] = readme.tablesOf('option', '').map(optionRowsOf);
    expect(namesOf(decorator)).toEqual(without(program.propertiesOf('CachedOptions'), policy));
    const [times] = readme.tablesOf('option', 'until then').map(optionRowsOf);
    expect(without(namesOf(times) ?? [''], policy)).toEqual([]);
  });

  it('say of memory and of redis what these take', () => {
    const missing = (name: string, taken: readonly string[]) =>
      taken.filter((option) => !new RegExp(`\\b${option}\\b`).test(rowOf(name)?.text ?? ''));
    expect(missing('memory', program.propertiesOf('MemoryOptions'))).toEqual([]);
    expect(missing('redis', program.propertiesOf('RedisByUrl'))).toEqual([]);
  });

  it.each(rows.filter(({ name }) => name !== 'isNegativeError'))(
    'say what $name is by default',
    ({ name, fallback }) => {
      const all: Readonly<Record<string, unknown>> = { ...settings, ...settings.policy };
      expect(Object.keys(all)).toContain(name);
      const resolved = all[name];
      expect(Array.isArray(resolved) && resolved.length === 0 ? undefined : resolved).toEqual(fallback);
    },
  );

  it('say what isNegativeError is by default, with Nest and without', () => {
    const statuses = Array.from({ length: 200 }, (_, index) => 400 + index);
    const negative = statuses.filter((status) => isNotFoundError(new HttpException('', status)));
    expect(negative.join(', ')).toBe(rowOf('isNegativeError')?.fallback);
    expect(settings.policy.isNegativeError(new NotFoundException())).toBe(false);
  });

  it('say how long a command waits by default', () => {
    const { redis } = resolveOptions({ prefix: 'shop', redis: { url: 'redis://localhost' } });
    const said = /`commandTimeout` \(`'(.+?)'`\)/.exec(rowOf('redis')?.text ?? '')?.[1];
    expect(parseDuration(said)).toBe(redis?.commandTimeout);
  });

  it.each(rows.filter(({ unit }) => unit === 'duration'))('call $name a duration, which it takes', ({ name }) => {
    expect(() => resolveOptions({ staleIfError: '1m', [name]: '7s' })).not.toThrow();
  });
});

describe('The README', () => {
  const text = textOf('README.md');

  it('leads to what is there', () => {
    const local = readme.links.filter(({ target }) => !/^\w+:/.test(target));
    expect(local.length).toBeGreaterThan(0);
    const dead = local.filter(({ target }) =>
      target.startsWith('#')
        ? !readme.anchors.includes(target.slice(1))
        : !existsSync(new URL(`../../${target}`, import.meta.url)),
    );
    expect(dead.map(({ line, target }) => `${line}: ${target}`)).toEqual([]);
  });

  it('names decorators, errors, modules and services that are there', () => {
    const [migration] = readme.tablesOf('there', 'here');
    const elsewhere = migration?.rows.map(([there = '']) => there).join(' ') ?? '';
    const named = readme.codes.flatMap((code) => [
      ...code.matchAll(/@([A-Z]\w+)|\b([A-Z]\w+(?:Error|Exception|Module|Service|Interceptor))\b/g),
    ]);
    const names = named
      .map(([, decorator, other]) => decorator ?? other ?? '')
      .filter((name) => !elsewhere.includes(name));
    expect(names).toContain('InvalidationPendingError');
    expect(names.filter((name) => !program.knows(name))).toEqual([]);
  });

  it('leads from other caches to verbs that are there', () => {
    const [migration] = readme.tablesOf('there', 'here');
    const verbs = program.propertiesOf('CacheService');
    const here = migration?.rows.flatMap(([, cell = '']) => codesIn(cell)) ?? [];
    const named = here.flatMap((code) => [...code.matchAll(/(?<![.@\w])([a-z]\w*)\(/g)].map(([, verb = '']) => verb));
    expect(named).toContain('getOrSet');
    expect(named.filter((verb) => !verbs.includes(verb))).toEqual([]);
  });

  it('names commands that are there', () => {
    const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
    const named = [...text.matchAll(/\bnpm (?:run ([\w:-]+)|(start|test)\b)/g)].map(([, ran, short]) => ran ?? short);
    expect(named).toContain('bench');
    expect(named.filter((name) => name === undefined || scripts[name] === undefined)).toEqual([]);
  });

  it('names rows of the measurements that are there', () => {
    const known = ['test/bench/rows.mjs', 'test/bench/redis/rows.mjs'].map(textOf).join('');
    const named = [...text.matchAll(/--rows (\w+)/g)].map(([, row]) => row);
    expect(named.filter((row) => !known.includes(`id: '${row}'`))).toEqual([]);
  });

  it('allows a user of Redis what the room of Redis says it needs', () => {
    const [rights] = readme.blocks.filter((block) => block.text.startsWith('~'));
    const room = textOf('lib/redis/README.md').replace(/\s+/g, ' ');
    expect(room).toContain(`\`${rights?.text}\``);
  });
});
