import { spawn } from 'node:child_process';

/**
 * One after the other among all processes that name the same file. The lock is the kernel's, held by a child that ends with
 * its stdin: nobody polls for it, and none is left behind by a process that was killed. Where there is no `flock`, nobody waits.
 */
export async function exclusively<T>(file: string, task: () => Promise<T>): Promise<T> {
  const holder = spawn('flock', [file, 'sh', '-c', 'echo held; cat'], { stdio: ['pipe', 'pipe', 'ignore'] });
  await new Promise<unknown>((go) => {
    holder.stdout.once('data', go);
    holder.once('error', go);
    holder.once('exit', go);
  });
  try {
    return await task();
  } finally {
    holder.stdin.end();
  }
}
