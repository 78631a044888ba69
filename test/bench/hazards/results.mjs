import { readFileSync } from 'node:fs';

const VERSIONS = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8')).dependencies;

/** What was seen of each hazard on each cache. */
export class Results {
  #hazards;
  #names = [];
  #seen = new Map();

  constructor(hazards) {
    this.#hazards = hazards;
  }

  take(name, { file, verdict, text }) {
    if (!this.#names.includes(name)) this.#names.push(name);
    this.#of(name, file).push({ verdict, text });
  }

  /** The table, as it stands in README.md. */
  table() {
    const heads = this.#names.map((name) => (VERSIONS[name] === undefined ? 'here' : `${name} ${VERSIONS[name]}`));
    const lines = this.#hazards.map(({ file, hazard, title }) => {
      const cells = this.#names.map((name) => this.#cell(name, file));
      return [`[${hazard}](scripts/${file})`, title, ...cells, this.#observed(file)];
    });
    const passed = this.#names.map((name) => {
      const judged = this.#hazards.filter(({ file }) => this.#cell(name, file) !== 'n/a');
      return `${judged.filter(({ file }) => this.#cell(name, file) === 'pass').length} of ${judged.length}`;
    });
    return aligned([['', 'what is shown', ...heads, 'where it fails'], ...lines, ['', 'passed', ...passed, '']]);
  }

  /** What must not be: a hazard that ours did not pass each time, or one that could not be shown or not each time alike. */
  wrong(ours) {
    return this.#names.flatMap((name) =>
      this.#hazards.flatMap(({ file }) => {
        const seen = this.#of(name, file);
        const verdicts = new Set(seen.map(({ verdict }) => verdict));
        const fine = verdicts.size === 1 && !verdicts.has('broken') && (name !== ours || verdicts.has('pass'));
        return fine ? [] : [`${name} ${file}: ${seen.map(({ verdict, text }) => `${verdict} ${text}`).join('; ')}`];
      }),
    );
  }

  #of(name, file) {
    const place = `${name} ${file}`;
    if (!this.#seen.has(place)) this.#seen.set(place, []);
    return this.#seen.get(place);
  }

  #cell(name, file) {
    const seen = this.#of(name, file);
    const [worst] = ['broken', 'FAIL', 'pass', 'n/a'].filter((one) => seen.some(({ verdict }) => verdict === one));
    const times = seen.filter(({ verdict }) => verdict === worst).length;
    return worst === 'pass' || worst === 'n/a' ? worst : `${worst} ${times}/${seen.length}`;
  }

  #observed(file) {
    const said = this.#names.map((name) => {
      const texts = new Set(this.#of(name, file).flatMap(({ verdict, text }) => (verdict === 'FAIL' ? [text] : [])));
      return [...texts].join('; ');
    });
    const some = new Set(said.filter((text) => text !== ''));
    if (some.size < 2) return [...some].join('');
    return this.#names.flatMap((name, n) => (said[n] === '' ? [] : [`${name}: ${said[n]}`])).join('; ');
  }
}

function aligned(lines) {
  const widths = lines[0].map((_, column) => Math.max(3, ...lines.map((line) => line[column].length)));
  const row = (cells) => `| ${cells.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  const [head, ...rest] = lines;
  const rule = widths.map((width) => '-'.repeat(width));
  return `${[head, rule, ...rest].map(row).join('\n')}\n`;
}
