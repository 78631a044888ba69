import { during, type FaultKind, pause } from './fault.js';
import type { Way } from './way.js';

/** What can happen between Redis and one process. */
export const WAY_FAULTS: readonly FaultKind[] = [
  way('replies after 100 ms', (spoiled) => spoiled.delay(50)),
  way('replies after 1 s', (spoiled) => spoiled.delay(500)),
  way('dripping bytes', (spoiled) => spoiled.drip()),
  way('cut', (spoiled) => spoiled.cut()),
  way('reset', (spoiled) => spoiled.cut(), [0, 0, 0]),
  way('half-open, mute both ways', (spoiled) => spoiled.mute()),
  way('half-open, requests swallowed', (spoiled) => spoiled.dropRequests()),
  way('replies lost after execution', (spoiled) => spoiled.dropReplies()),
];

function way(
  name: string,
  begin: (spoiled: Way) => unknown,
  lengths: FaultKind['lengths'] = [50, 1_000, 3_000],
): FaultKind {
  return {
    ...{ name, aim: 'way', weight: 1, ...(lengths !== undefined && { lengths }) },
    run: (scene, { ms, seat }) => {
      const own = scene.ways[seat];
      if (own === undefined) throw new Error(`the process at seat ${seat} has no way of its own`);
      return during(scene, { of: 'path', process: scene.workerAt(seat).name }, async () => {
        await begin(own);
        await pause(ms);
        await own.heal();
      });
    },
  };
}
