import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';

const here = new URL('./', import.meta.url);
const scripts = readdirSync(new URL('scripts/', here)).toSorted();
const rows = rowsOf(readFileSync(new URL('README.md', here), 'utf8'));

interface Row {
  readonly script: string;
  readonly ours: string;
  readonly others: readonly string[];
}

/** The rows of a table that lead to a script. */
function rowsOf(text: string): readonly Row[] {
  return text.split('\n').flatMap((line) => {
    const [, link = '', , ours = '', ...others] = line.split('|').map((cell) => cell.trim());
    const script = /\(scripts\/(.+)\)/.exec(link)?.[1];
    return script === undefined ? [] : [{ script, ours, others: others.slice(0, -2) }];
  });
}

describe('The table of hazards', () => {
  it('has a row for each script, in their order, and no other', () => {
    expect(rows.map(({ script }) => script)).toEqual(scripts);
  });

  it('says nothing that was not seen every time', () => {
    const verdicts = new Set(rows.flatMap(({ ours, others }) => [ours, ...others]));
    expect([...verdicts].toSorted()).toEqual(['FAIL 5/5', 'n/a', 'pass']);
    expect(new Set(rows.map(({ ours }) => ours))).toEqual(new Set(['pass']));
  });
});

describe('Every hazard, shown on this cache,', () => {
  let shown: readonly Row[] = [];

  beforeAll(async () => {
    const run = fileURLToPath(new URL('run.mjs', here));
    // It fails, and says why, unless all of them pass.
    const { stdout } = await promisify(execFile)(process.execPath, [run, '--ours', '--times', '1', '--side', '12']);
    shown = rowsOf(stdout);
  }, 120_000);

  it.each(scripts)('passes: %s', (script) => {
    expect(shown.find((row) => row.script === script)?.ours).toBe('pass');
  });
});
