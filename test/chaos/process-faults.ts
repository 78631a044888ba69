import { during, type FaultKind, pause } from './fault.js';

const HOUR = 3_600_000;
const FLOOD = 60;

/** What can happen to one process. The one at the first seat is never killed: what it holds is looked at over the whole campaign. */
export const PROCESS_FAULTS: readonly FaultKind[] = [
  {
    ...{ name: 'process stands still (SIGSTOP)', aim: 'process', weight: 3, lengths: [100, 2_000, 10_000] },
    run: (scene, { ms, seat }) => {
      const worker = scene.workerAt(seat);
      return during(scene, { of: 'path', process: worker.name }, async () => {
        worker.signal('SIGSTOP');
        await pause(ms);
        worker.signal('SIGCONT');
      });
    },
  },
  {
    ...{ name: 'event loop blocked', aim: 'process', weight: 3, lengths: [100, 1_500, 3_000] },
    run: (scene, { ms, seat }) => {
      const worker = scene.workerAt(seat);
      return during(scene, { of: 'path', process: worker.name }, () =>
        worker.do({ act: 'freeze', ms, keys: scene.keys }),
      );
    },
  },
  {
    ...{ name: 'wall clock moved by up to an hour', aim: 'process', weight: 2 },
    run: async (scene, { seat, share }) => {
      await scene.workerAt(seat).do({ act: 'wall', ms: (share * 2 - 1) * HOUR });
    },
  },
  {
    ...{ name: 'process killed while it invalidates', aim: 'process', weight: 1 },
    run: async (scene, { seat, share }) => {
      const mortal = Math.max(1, seat);
      const keys = Array.from({ length: FLOOD }, (_, index) => scene.keys[index % scene.keys.length] as string);
      await scene.workerAt(mortal).do({ act: 'flood', keys });
      await pause(share * 8);
      await scene.workerAt(mortal).kill();
      await scene.replace(mortal);
    },
  },
];
