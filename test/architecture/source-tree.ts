import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** One file of the project, as text and as syntax. */
export class SourceFile {
  /** Relative to the root, with slashes. */
  readonly path: string;
  readonly text: string;
  readonly #syntax: ts.SourceFile;

  constructor(path: string) {
    this.path = path;
    this.text = readFileSync(join(root, path), 'utf8');
    this.#syntax = ts.createSourceFile(path, this.text, ts.ScriptTarget.ES2022, true);
  }

  get lines(): number {
    return this.text.split('\n').length - 1;
  }

  /** The folder below `lib` or `test`; '' for a file that lies in it directly. */
  get room(): string {
    return this.path.split('/').slice(1, -1)[0] ?? '';
  }

  /** What it imports or re-exports, types included: files as paths, packages by name. */
  get imports(): readonly string[] {
    return this.#syntax.statements.flatMap((statement) => {
      if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
      const from = statement.moduleSpecifier;
      if (from === undefined || !ts.isStringLiteral(from)) return [];
      if (!from.text.startsWith('.')) return [from.text];
      return [
        normalize(join(dirname(this.path), from.text))
          .split(sep)
          .join('/')
          .replace(/\.js$/, '.ts'),
      ];
    });
  }

  /** Every node of a kind, with the line it begins on. */
  find<T extends ts.Node>(is: (node: ts.Node) => node is T): readonly { readonly node: T; readonly place: string }[] {
    const found: { node: T; place: string }[] = [];
    const visit = (node: ts.Node): void => {
      if (is(node)) {
        const { line } = this.#syntax.getLineAndCharacterOfPosition(node.getStart());
        found.push({ node, place: `${this.path}:${line + 1}` });
      }
      node.forEachChild(visit);
    };
    visit(this.#syntax);
    return found;
  }
}

/** The TypeScript files below a folder of the project. */
export function sourceFiles(folder: string): readonly SourceFile[] {
  return filesBelow(folder)
    .filter((path) => path.endsWith('.ts'))
    .map((path) => new SourceFile(path));
}

/** All files below a folder of the project, installed and built ones left out. */
export function filesBelow(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => !path.includes('node_modules/'));
}

export function textOf(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}
