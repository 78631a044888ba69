// Installs the package, as `npm pack` makes it, into projects like those of its users, and runs each of them.
// `npm run consumers`, or `npm run consumers -- nest-12-esm` for one of them. What each does stands in its package.json.
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = fileURLToPath(new URL('../../', import.meta.url));
const INSTALL = ['install', '--no-audit', '--no-fund', '--prefer-offline', '--no-package-lock', '--ignore-scripts'];

const asked = process.argv.slice(2);
const known = readdirSync(here, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'shop')
  .map(({ name }) => name);
const unknown = asked.filter((name) => !known.includes(name));
if (unknown.length > 0) throw new Error(`no consumer is called ${unknown.join(', ')}; there are ${known.join(', ')}`);

const scratch = mkdtempSync(join(tmpdir(), 'consumers-'));
try {
  if (builtAt() < newest(join(root, 'lib'))) await npm(root, 'run', 'build');
  const tarball = await pack();
  // Both at once, for one waits for the network while the other computes.
  const results = await Promise.all((asked.length > 0 ? asked : known).map((name) => consume(name, tarball)));
  process.exitCode = results.every((passed) => passed) ? 0 : 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

async function consume(name, tarball) {
  const folder = join(scratch, name);
  const started = performance.now();
  cpSync(join(here, name), folder, { recursive: true });
  cpSync(join(here, 'shop'), join(folder, 'src'), { recursive: true });
  let outcome = 'passed';
  let output = '';
  try {
    await npm(folder, ...INSTALL, tarball);
    await npm(folder, 'run', 'consume');
  } catch (error) {
    outcome = 'FAILED';
    output = `${error.stdout ?? ''}${error.stderr ?? ''}${error.stdout === undefined ? error.stack : ''}\n`;
  }
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  process.stdout.write(`${name}: ${outcome} in ${seconds} s\n${output}`);
  return outcome === 'passed';
}

async function pack() {
  const listed = JSON.parse(await npm(root, 'pack', '--json', '--ignore-scripts', '--pack-destination', scratch));
  const [{ filename }] = Object.values(listed);
  return join(scratch, filename);
}

function npm(cwd, ...args) {
  return new Promise((resolve, reject) => {
    const options = { cwd, maxBuffer: 64 * 1_024 * 1_024, shell: process.platform === 'win32' };
    execFile('npm', args, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(Object.assign(error, { stdout, stderr }));
    });
  });
}

/** When the last of the built entries was written. */
function builtAt() {
  try {
    const entries = ['dist/esm/index.js', 'dist/cjs/index.js'];
    return Math.min(...entries.map((entry) => statSync(join(root, entry)).mtimeMs));
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    return 0;
  }
}

function newest(folder) {
  const times = readdirSync(folder, { recursive: true }).map((path) => statSync(join(folder, path)).mtimeMs);
  return Math.max(...times);
}
