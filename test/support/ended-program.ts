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
    external: ['ioredis'],
  });
  return outputFiles[0]?.text ?? '';
}

/** What a process of its own complained of, and how long after it was done it came to its end, in milliseconds. */
export async function ended(
  program: string,
  env: Readonly<Record<string, string>>,
): Promise<{ readonly errors: string; readonly lingered: number }> {
  const child = spawn(process.execPath, ['--input-type=module', '-'], {
    ...{ cwd: ROOT, env: { ...process.env, ...env }, stdio: 'pipe' as const },
  });
  child.stdin.end(program);
  const [out, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  const [done, exit] = [...out.matchAll(/\d+\.\d+/g)].map(Number);
  return { errors, lingered: Number(exit) - Number(done) };
}
