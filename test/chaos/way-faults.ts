import type { Proxy } from '../support/redis/proxy.js';
import { during, type FaultKind, pause } from './fault.js';

/** What can happen between Redis and one process. */
export const WAY_FAULTS: readonly FaultKind[] = [
  way('replies after 100 ms', (proxy) => proxy.delay(50)),
  way('replies after 1 s', (proxy) => proxy.delay(500)),
  way('dripping bytes', (proxy) => proxy.drip()),
  way('cut', (proxy) => proxy.cut()),
  way('reset', (proxy) => proxy.cut(), [0, 0, 0]),
  way('half-open, mute both ways', (proxy) => proxy.mute()),
  way('half-open, requests swallowed', (proxy) => proxy.dropRequests()),
  way('replies lost after execution', (proxy) => proxy.dropReplies()),
];

function way(
  name: string,
  begin: (proxy: Proxy) => unknown,
  lengths: FaultKind['lengths'] = [50, 1_000, 3_000],
): FaultKind {
  return {
    ...{ name, aim: 'way', weight: 1, ...(lengths !== undefined && { lengths }) },
    run: (scene, { ms, seat }) => {
      const proxy = scene.ways[seat];
      if (proxy === undefined) throw new Error(`the process at seat ${seat} has no way of its own`);
      return during(scene, { of: 'path', process: scene.workerAt(seat).name }, async () => {
        await begin(proxy);
        await pause(ms);
        await proxy.heal();
      });
    },
  };
}
