import { readFileSync, writeFileSync } from 'node:fs';

const NOTICED = ['Killed', 'Timeout'];

export function unnoticed(mutants) {
  return mutants.filter(({ status }) => ['Survived', 'NoCoverage'].includes(status));
}

/** Says how many mutants were noticed, and shows each that was not in its line. */
export function writeSummary({ target, results, seconds }, path) {
  const count = (...statuses) => results.filter(({ status }) => statuses.includes(status)).length;
  const valid = results.length - count('Ignored', 'CompileError', 'RuntimeError');
  const score = ((100 * count(...NOTICED)) / valid).toFixed(1);
  const head = `${target}: ${score} % of ${valid} noticed (${count('Timeout')} by a time-out), in ${Math.round(seconds)} s`;
  const byPlace = (a, b) => a.fileName.localeCompare(b.fileName) || a.location.start.line - b.location.start.line;
  const text = [head, '', ...unnoticed(results).toSorted(byPlace).map(shown), ''].join('\n');
  writeFileSync(path, text);
  process.stdout.write(`\n${text}`);
}

function shown({ fileName, location: { start, end }, status, mutatorName, replacement }) {
  const lines = readFileSync(fileName, 'utf8').split('\n');
  const line = lines[start.line - 1] ?? '';
  const there =
    end.line === start.line ? line.slice(start.column - 1, end.column - 1) : `${line.slice(start.column - 1)} …`;
  const where = `${fileName.slice(fileName.indexOf('lib/'))}:${start.line}:${start.column}`;
  return `${where} ${status} ${mutatorName}\n    ${line.trim()}\n    ${there}  ->  ${(replacement ?? '').replace(/\s+/g, ' ')}`;
}
