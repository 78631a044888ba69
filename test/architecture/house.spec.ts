import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { filesBelow, type SourceFile, sourceFiles, textOf } from './source-tree.js';

/** The rooms of each floor; a room may use those of its own floor and of the floors below. */
const FLOORS: readonly (readonly string[])[] = [
  ['core'],
  ['policy', 'wire'],
  ['tiers', 'coherence', 'redis', 'observe'],
  ['engine'],
  ['nest'],
];
/** Published on their own; may use anything below `nest`, and in a room of its own that too. */
const BESIDE = ['testing'];
const BESIDE_NEST = /^lib\/testing\/(nest\/|index\.ts$)/;

/** Vendor packages, and the only files that may know them. */
const VENDORS: readonly (readonly [packages: RegExp, allowed: RegExp])[] = [
  [/^lru-cache$/, /^lib\/tiers\/memory\.tier\.ts$/],
  [/^ioredis$/, /^lib\/redis\//],
  [/^(@nestjs\/|rxjs|reflect-metadata)/, /^lib\/(nest\/|testing\/nest\/)/],
];

const lib = sourceFiles('lib');
const tests = [...sourceFiles('test'), ...sourceFiles('sample')].filter(({ room }) => room !== 'architecture');
const isBarrel = ({ path }: SourceFile): boolean => path.endsWith('/index.ts');

function floorOf(room: string): number {
  const floor = FLOORS.findIndex((rooms) => rooms.includes(room));
  if (floor >= 0) return floor;
  return BESIDE.includes(room) ? FLOORS.length - 2 : FLOORS.length;
}

function offenders(files: readonly SourceFile[], isOffence: (file: SourceFile) => boolean): string[] {
  return files.filter(isOffence).map(({ path }) => path);
}

describe('In the house of lib,', () => {
  it('every folder is a room of a known floor', () => {
    const known = [...FLOORS.flat(), ...BESIDE, ''];
    expect(offenders(lib, ({ room }) => !known.includes(room))).toEqual([]);
  });

  it('no file imports from a floor above its own', () => {
    const climbing = lib.flatMap(({ path, room, imports }) =>
      imports
        .filter((target) => target.startsWith('lib/') && floorOf(target.split('/')[1] ?? '') > floorOf(room))
        .filter(() => !BESIDE_NEST.test(path))
        .map((target) => `${path} -> ${target}`),
    );
    expect(climbing).toEqual([]);
  });

  it('only what is published beside the floors is imported by nobody', () => {
    const importing = lib.flatMap(({ path, room, imports }) =>
      imports.filter((target) => BESIDE.includes(target.split('/')[1] ?? '') && room !== 'testing').map(() => path),
    );
    expect(importing).toEqual([]);
  });

  it('the lowest floor needs nothing but Node', () => {
    const needs = lib.filter(({ room }) => room === 'core').flatMap(({ imports }) => imports);
    expect(needs.filter((target) => !target.startsWith('lib/core/') && !target.startsWith('node:'))).toEqual([]);
  });

  it('no import leads in a circle', () => {
    const importsOf = new Map(lib.map(({ path, imports }) => [path, imports]));
    const done = new Set<string>();
    const circles: string[] = [];
    const walk = (path: string, way: readonly string[]): void => {
      if (way.includes(path)) circles.push([...way.slice(way.indexOf(path)), path].join(' -> '));
      if (way.includes(path) || done.has(path)) return;
      for (const target of importsOf.get(path) ?? []) walk(target, [...way, path]);
      done.add(path);
    };
    for (const { path } of lib) walk(path, []);
    expect(circles).toEqual([]);
  });

  it.each(VENDORS)('%s is known to one place only', (packages, allowed) => {
    const knowing = lib.filter(({ imports }) => imports.some((target) => packages.test(target)));
    expect(offenders(knowing, ({ path }) => !allowed.test(path))).toEqual([]);
  });

  it('there is one barrel per published entry, and nobody inside goes through it', () => {
    expect(lib.filter(isBarrel).map(({ path }) => path)).toEqual(['lib/index.ts', 'lib/testing/index.ts']);
    expect(offenders(lib, ({ imports }) => imports.some((target) => target.endsWith('/index.ts')))).toEqual([]);
    for (const barrel of lib.filter(isBarrel)) {
      expect(barrel.find(ts.isExportDeclaration)).toHaveLength(barrel.find(ts.isStringLiteral).length);
    }
  });

  it('no file is longer than 300 lines', () => {
    expect(offenders(lib, ({ lines }) => lines > 300)).toEqual([]);
  });

  it('time is read and waited for in one place', () => {
    const clocks = /\bDate\.now\(|\bperformance\.now\(|\bset(Timeout|Interval)\(|\bnew Date\(\)/;
    expect(offenders(lib, ({ text }) => clocks.test(text))).toEqual(['lib/core/clock.ts']);
  });

  it('no randomness is drawn that a test could not hold', () => {
    expect(offenders([...lib, ...tests], ({ text }) => /Math\.random\b/.test(text))).toEqual([]);
  });

  it('no error vanishes', () => {
    const silent = lib
      .flatMap((file) => file.find(ts.isCatchClause))
      .filter(({ node }) => node.block.statements.length === 0);
    expect(silent.map(({ place }) => place)).toEqual([]);
  });

  it('no function takes more than four parameters, nor a boolean one', () => {
    const isFunction = (node: ts.Node): node is ts.FunctionLikeDeclaration => ts.isFunctionLike(node) && 'body' in node;
    const bad = lib
      .flatMap((file) => file.find(isFunction))
      .filter(({ node }) => {
        const parameters = node.parameters.filter((parameter) => parameter.name.getText() !== 'this');
        return parameters.length > 4 || parameters.some(({ type }) => type?.kind === ts.SyntaxKind.BooleanKeyword);
      });
    expect(bad.map(({ place }) => place)).toEqual([]);
  });

  it('nothing is put into a drawer', () => {
    expect(
      filesBelow('lib').filter((path) => /(^|\/)(utils?|helpers?|common|misc|internal)(\/|\.)/i.test(path)),
    ).toEqual([]);
  });

  it('every room says in at most 40 lines what it is', () => {
    const rooms = [...new Set(lib.map(({ room }) => room))].filter((room) => room !== '');
    for (const room of rooms) {
      expect({ room, lines: textOf(`lib/${room}/README.md`).split('\n').length <= 41 }).toEqual({ room, lines: true });
    }
  });

  it('everything left to do stands in an issue, not in the code', () => {
    const marks = new RegExp(['TODO', 'FIXME', 'XXX'].join('|'));
    expect(offenders([...lib, ...tests], ({ text }) => marks.test(text))).toEqual([]);
  });
});

describe('Among the tests,', () => {
  it('none is left out', () => {
    const left = /\b(it|test|describe)\.(skip|only|todo)\b|\bx(it|describe)\(/;
    expect(offenders(tests, ({ text }) => left.test(text))).toEqual([]);
  });

  it('none waits for real time to pass', () => {
    const waiting = /\bsetTimeout\([^)]*resolve|timers\/promises/;
    expect(offenders(tests, ({ text }) => waiting.test(text))).toEqual([]);
  });

  it('none replaces a module of ours', () => {
    expect(offenders(tests, ({ text }) => /\b(mockModule|jest\.mock)\(/.test(text))).toEqual([]);
  });
});
