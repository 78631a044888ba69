import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** What a program prints; an error that says what it complained of, if it fails. */
export async function run(program: string, args: readonly string[], cwd?: string): Promise<string> {
  try {
    const { stdout } = await execute(program, args, { cwd, maxBuffer: 2 ** 24 });
    return stdout;
  } catch (error) {
    const { message, stderr = '' } = error as Error & { stderr?: string };
    throw new Error(`${message.split('\n')[0]}${stderr === '' ? '' : `: ${stderr.trim().split('\n').at(-1)}`}`);
  }
}
