import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Says when a program was done, and when its process came to its end. */
const SAYS_WHEN = `
console.log('done', performance.now());
process.on('exit', () => console.log('exit', performance.now()));
`;

/** A program in TypeScript, which imports from the root of the project, as one that Node runs. */
export async function programOf(contents: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: contents + SAYS_WHEN, resolveDir: ROOT, loader: 'ts' },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    tsconfigRaw: { compilerOptions: { experimentalDecorators: true } },
  });
  return outputFiles[0]?.text ?? '';
}

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly errors: string;
  /** How long after it was done it came to its end, in milliseconds. */
  readonly lingered: number;
}

/** What became of a program in a process of its own. */
export async function ended(program: string, env: Readonly<Record<string, string>>): Promise<Ended> {
  const child = spawn(process.execPath, ['--input-type=module', '-'], {
    ...{ cwd: ROOT, env: { ...process.env, ...env }, stdio: 'pipe' as const },
  });
  child.stdin.end(program);
  const [out, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  const [done, exit] = [...out.matchAll(/\d+\.\d+/g)].map(Number);
  return { code: code as number | null, out, errors, lingered: Number(exit) - Number(done) };
}
