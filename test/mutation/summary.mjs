import { readFileSync, writeFileSync } from 'node:fs';

const NOTICED = ['Killed', 'Timeout'];

export function unnoticed(mutants) {
  return mutants.filter(({ status }) => ['Survived', 'NoCoverage'].includes(status));
}

/** The results of an earlier run, in which what was noticed now is noticed. */
export function withNoticed(path, results) {
  const report = JSON.parse(readFileSync(path, 'utf8'));
  const nameOf = (file, { location, mutatorName, replacement }) =>
    JSON.stringify([file, location.start, location.end, mutatorName, replacement]);
  const pathOf = (fileName) => fileName.slice(fileName.lastIndexOf('lib/'));
  const now = new Map(results.map((mutant) => [nameOf(pathOf(mutant.fileName), mutant), mutant.status]));
  const all = Object.entries(report.files).flatMap(([fileName, { mutants }]) => {
    for (const mutant of unnoticed(mutants)) {
      const status = now.get(nameOf(fileName, mutant));
      if (NOTICED.includes(status)) mutant.status = status;
    }
    return mutants.map((mutant) => ({ ...mutant, fileName }));
  });
  writeFileSync(path, JSON.stringify(report));
  return all;
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
  const where = `${fileName.slice(fileName.lastIndexOf('lib/'))}:${start.line}:${start.column}`;
  return `${where} ${status} ${mutatorName}\n    ${line.trim()}\n    ${there}  ->  ${(replacement ?? '').replace(/\s+/g, ' ')}`;
}
