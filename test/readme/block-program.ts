import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import type { Block, Markdown } from './markdown.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SURROUNDINGS = join(ROOT, 'test/readme/surroundings.ts');

/** What stands around a block, by its note. It begins and ends on a line that is not the block's. */
const AROUND: Readonly<Record<string, readonly [string, string]>> = {
  '': ['', ''],
  'inside: class': ['@Injectable() class Example { constructor(readonly repository: Repository) {}', '}'],
  'inside: controller': ['@Controller() class Example { constructor(readonly products: ProductsService) {}', '}'],
  'inside: function': ['async function example(): Promise<void> {', '}'],
};

/** A block as the file that the compiler is shown. */
interface Made {
  readonly document: Markdown;
  readonly block: Block;
  readonly path: string;
  readonly text: string;
}

/** What can be named without an import: by name, whether it is more than a type. */
type Known = ReadonlyMap<string, 'value' | 'type'>;

/** The TypeScript blocks of documents, compiled in one program beside what surrounds them. */
export class BlockProgram {
  readonly #made: readonly Made[];
  readonly #known: Known;
  readonly #program: ts.Program;

  constructor(documents: readonly Markdown[]) {
    const options = compilerOptions();
    const host = ts.createCompilerHost(options);
    const surroundings = ts.createProgram([SURROUNDINGS], options, host);
    const known = knownIn(surroundings);
    this.#known = known;
    this.#made = documents.flatMap((document) =>
      document.blocks.filter(isTypeScript).map((block) => makeOf(document, block, known)),
    );
    this.#program = ts.createProgram(
      [SURROUNDINGS, ...this.#made.map(({ path }) => path)],
      options,
      hostWith(host, this.#made),
      surroundings,
    );
  }

  /** What the compiler has to say of a document: each with the line of the document that it is about. */
  complaintsOf(document: Markdown): readonly string[] {
    return this.#made.filter((made) => made.document === document).flatMap((made) => this.#complaintsOf(made));
  }

  /** Whether an example may use a name without an import. */
  knows(name: string): boolean {
    return this.#known.has(name);
  }

  /** The names of the properties of an interface or a class that the package exports. */
  propertiesOf(name: string): readonly string[] {
    const checker = this.#program.getTypeChecker();
    const symbol = exportsOf(this.#program).find((exported) => exported.name === name);
    if (symbol === undefined) throw new Error(`nothing named ${name} is exported`);
    return checker
      .getDeclaredTypeOfSymbol(checker.getAliasedSymbol(symbol))
      .getProperties()
      .map((property) => property.name);
  }

  #complaintsOf({ document, block, path }: Made): readonly string[] {
    const file = this.#program.getSourceFile(path);
    const last = block.text.split('\n').length - 1;
    const found = [...this.#program.getSyntacticDiagnostics(file), ...this.#program.getSemanticDiagnostics(file)];
    return found.map(({ start = 0, messageText }) => {
      const line = file === undefined ? 0 : file.getLineAndCharacterOfPosition(start).line - 1;
      const place = `${document.name}:${block.line + Math.min(Math.max(0, line), last)}`;
      return `${place}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
    });
  }
}

function isTypeScript({ language }: Block): boolean {
  return language === 'ts';
}

/** Those of the project. An example may show how something is got without showing what it is good for. */
function compilerOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as {
    config: object;
  };
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [SURROUNDINGS] }, ts.sys, ROOT);
  return { ...options, types: ['node'], noUnusedLocals: false };
}

function exportsOf(program: ts.Program): readonly ts.Symbol[] {
  const checker = program.getTypeChecker();
  const file = program.getSourceFile(SURROUNDINGS);
  const module = file && checker.getSymbolAtLocation(file);
  return module === undefined ? [] : checker.getExportsOfModule(module);
}

function knownIn(program: ts.Program): Known {
  const checker = program.getTypeChecker();
  return new Map(
    exportsOf(program).map((symbol) => {
      const meant = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      return [symbol.name, meant.flags & ts.SymbolFlags.Value ? 'value' : 'type'];
    }),
  );
}

function makeOf(document: Markdown, block: Block, known: Known): Made {
  const around = AROUND[block.note.startsWith('runs: ') ? '' : block.note];
  if (around === undefined) throw new Error(`${document.name}:${block.line}: nothing is known of '${block.note}'`);
  const imports = block.text.match(/^import .*;$/gm) ?? [];
  const [before, after] = around;
  const body = before === '' ? block.text : block.text.replace(/^import .*;$/gm, '');
  const hoisted = before === '' ? '' : imports.join(' ');
  const bare = `${hoisted} ${before}\n${body}\n${after}\nexport {};\n`;
  const names = unboundNamesOf(bare).filter((name) => known.has(name));
  const specifiers = names.map((name) => (known.get(name) === 'type' ? `type ${name}` : name));
  return {
    document,
    block,
    path: join(ROOT, `test/readme/${document.name}.${block.line}.ts`),
    text: `import { ${specifiers.join(', ')} } from './surroundings.js'; ${bare}`,
  };
}

/** The names that a file uses and nowhere declares. */
function unboundNamesOf(text: string): readonly string[] {
  const used = new Set<string>();
  const declared = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && !namesMember(node)) (declares(node) ? declared : used).add(node.text);
    node.forEachChild(visit);
  };
  visit(ts.createSourceFile('block.ts', text, ts.ScriptTarget.ES2022, true));
  return [...used].filter((name) => !declared.has(name));
}

function namesMember(name: ts.Identifier): boolean {
  const { parent } = name;
  if (ts.isBindingElement(parent) || ts.isImportSpecifier(parent)) return parent.propertyName === name;
  const isOfMember =
    ts.isPropertyAccessExpression(parent) || ts.isPropertyAssignment(parent) || ts.isClassElement(parent);
  return isOfMember && parent.name === name;
}

function declares(name: ts.Identifier): boolean {
  const { parent } = name;
  return !ts.isShorthandPropertyAssignment(parent) && 'name' in parent && parent.name === name;
}

function hostWith(host: ts.CompilerHost, made: readonly Made[]): ts.CompilerHost {
  const texts = new Map(made.map(({ path, text }) => [path, text]));
  return {
    ...host,
    fileExists: (path) => texts.has(path) || host.fileExists(path),
    readFile: (path) => texts.get(path) ?? host.readFile(path),
    getSourceFile: (path, version, ...rest) => {
      const text = texts.get(path);
      return text === undefined ? host.getSourceFile(path, version, ...rest) : ts.createSourceFile(path, text, version);
    },
  };
}
