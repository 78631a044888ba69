import { during, type FaultKind, pause } from './fault.js';
import type { Weather } from './way.js';

/** What can happen between Redis and one process. */
export const WAY_FAULTS: readonly FaultKind[] = [
  way('replies after 100 ms', { is: 'slow', ms: 50 }),
  way('replies after 1 s', { is: 'slow', ms: 500 }),
  way('dripping bytes', { is: 'dripping' }),
  way('cut', { is: 'cut' }),
  way('reset', { is: 'cut' }, [0, 0, 0]),
  way('half-open, mute both ways', { is: 'mute' }),
  way('half-open, requests swallowed', { is: 'deaf' }),
  way('replies lost after execution', { is: 'answerless' }),
];

function way(name: string, weather: Weather, lengths: FaultKind['lengths'] = [50, 1_000, 3_000]): FaultKind {
  return {
    ...{ name, aim: 'way', weight: 1, ...(lengths !== undefined && { lengths }) },
    run: (scene, { ms, seat }) => {
      const own = scene.ways[seat];
      if (own === undefined) throw new Error(`the process at seat ${seat} has no way of its own`);
      return during(scene, { of: 'path', process: scene.workerAt(seat).name }, async () => {
        await own.become(weather);
        await pause(ms);
        await own.become({ is: 'well' });
      });
    },
  };
}
