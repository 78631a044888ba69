/** Some code of a document, between two fences. */
export interface Block {
  readonly language: string;
  /** What the comment above it says of it, as in `inside: class`; '' where there is none. */
  readonly note: string;
  /** The first of its lines in the document, counted from 1. */
  readonly line: number;
  readonly text: string;
}

/** A table: what its columns are called, and the cells of each row as they are written. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

interface Link {
  readonly line: number;
  readonly target: string;
}

const FENCE = /^```(\w*)$/;
const NOTE = /^<!-- (.+) -->$/;
const LINK = /\[[^\]]*\]\(([^)]+)\)/g;

/** A document as far as its promises can be checked. */
export class Markdown {
  readonly name: string;
  readonly blocks: readonly Block[];
  readonly tables: readonly Table[];
  readonly links: readonly Link[];
  /** What is marked as code within the text. */
  readonly codes: readonly string[];
  /** What links within the document may lead to. */
  readonly anchors: readonly string[];

  constructor(name: string, text: string) {
    const lines = text.split('\n');
    const [blocks, prose] = apart(name, lines);
    this.name = name;
    this.blocks = blocks;
    this.tables = tablesIn(prose);
    this.links = prose.flatMap((content, index) =>
      [...content.matchAll(LINK)].map(([, target = '']) => ({ line: index + 1, target })),
    );
    this.codes = codesIn(prose.join('\n'));
    this.anchors = prose.filter((line) => /^#+ /.test(line)).map(anchorOf);
  }

  /** The block that stands next below another. */
  after(block: Block): Block | undefined {
    return this.blocks[this.blocks.indexOf(block) + 1];
  }

  /** The tables whose first columns are called so. */
  tablesOf(...columns: readonly string[]): readonly Table[] {
    return this.tables.filter((table) => columns.every((column, index) => table.columns[index] === column));
  }
}

/** What is marked as code in a text. */
export function codesIn(text: string): readonly string[] {
  return [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
}

/** The blocks, and the lines with those of the blocks left empty. */
function apart(name: string, lines: readonly string[]): [readonly Block[], readonly string[]] {
  const blocks: Block[] = [];
  const prose: string[] = [];
  let note = '';
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] as string;
    const language = FENCE.exec(line)?.[1];
    if (language === undefined) {
      if (line !== '') note = NOTE.exec(line)?.[1] ?? '';
      prose.push(line);
      continue;
    }
    const end = lines.indexOf('```', index + 1);
    if (end < 0) throw new Error(`${name}:${index + 1}: this fence is never closed`);
    blocks.push({ language, note, line: index + 2, text: lines.slice(index + 1, end).join('\n') });
    prose.push(...lines.slice(index, end + 1).map(() => ''));
    note = '';
    index = end;
  }
  return [blocks, prose];
}

function tablesIn(lines: readonly string[]): readonly Table[] {
  const tables: { columns: readonly string[]; rows: (readonly string[])[] }[] = [];
  lines.forEach((line, index) => {
    if (!line.startsWith('|')) return;
    if (lines[index - 1]?.startsWith('|') !== true) tables.push({ columns: cellsOf(line), rows: [] });
    else if (!/^\|[-| ]+\|$/.test(line)) tables.at(-1)?.rows.push(cellsOf(line));
  });
  return tables;
}

function cellsOf(row: string): readonly string[] {
  const cells = row.split('|').slice(1, -1);
  return cells.map((cell) => cell.trim());
}

/** As GitHub makes it of a heading. */
function anchorOf(heading: string): string {
  const words = heading.replace(/^#+ /, '').toLowerCase();
  return words.replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-');
}
