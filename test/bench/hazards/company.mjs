import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const PLAY = fileURLToPath(new URL('play.mjs', import.meta.url));

/** Shows hazards on one cache, in a process that hears of no other. */
export async function playOn({ name, times, side, files }, onVerdict) {
  // What peers complain of on stderr is what is done to them.
  const child = fork(PLAY, [name, times, side, ...files], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  const left = new Map(files.map((file) => [file, Number(times)]));
  child.on('message', (verdict) => {
    left.set(verdict.file, left.get(verdict.file) - 1);
    onVerdict(verdict);
  });
  await once(child, 'close');
  // Of a process that died there is no more to hear.
  for (const [file, missing] of left)
    for (let n = 0; n < missing; n++) onVerdict({ file, verdict: 'broken', text: 'the process ended before' });
}
