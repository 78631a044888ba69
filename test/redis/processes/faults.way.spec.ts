import { afterEach, describe, expect, it } from '@jest/globals';
import type { Proxy } from '../../support/redis/proxy.js';
import { keysOf } from './catalogue.js';
import { Cluster, type ClusterOptions } from './cluster.js';
import { expectKept } from './kept.js';

/** Invalidations a second, of all processes. */
const MANY = 500;

describe('Processes that share a Redis keep what is promised', () => {
  let cluster: Cluster;

  const start = async (options: Partial<ClusterOptions> = {}): Promise<void> => {
    cluster = await Cluster.start({ processes: 4, ...options });
  };
  /** Spoils the way of the last process for longer than it may answer by itself. */
  const spoil = async (begin: (proxy: Proxy) => unknown): Promise<void> => {
    const [proxy] = cluster.proxies;
    if (proxy === undefined) throw new Error('no process has a way of its own');
    await cluster.work();
    await cluster.goOn(500);
    await cluster.disturb(async () => {
      await begin(proxy);
      await cluster.goOn(1_400);
      await proxy.heal();
    }, 'p3');
    await cluster.goOn(500);
  };

  afterEach(() => cluster.stop());

  it(`when nobody is sure to hear of invalidations, at ${MANY} of them a second`, async () => {
    await start();
    await cluster.work({ perSecond: MANY / 4 });
    for (let kills = 0; kills < 40; kills++) {
      await cluster.goOn(40);
      await cluster.server.command('CLIENT', 'KILL', 'TYPE', 'pubsub');
    }
    const { account } = await expectKept(cluster);
    expect(account.invalidations).toBeGreaterThan(MANY);
  });

  it('when one of them is cut off', async () => {
    await start({ proxied: 1 });
    await spoil((proxy) => proxy.cut());
    const { account } = await expectKept(cluster);
    expect(account.rejected).toBeGreaterThan(0);
  });

  it('when one of them is not heard, and told nothing, on connections that stay', async () => {
    await start({ proxied: 1 });
    await spoil((proxy) => proxy.mute());
    const { account } = await expectKept(cluster);
    expect(account.rejected).toBeGreaterThan(0);
  });

  it('when one of them is far away', async () => {
    await start({ proxied: 1 });
    await spoil((proxy) => proxy.delay(60));
    await expectKept(cluster);
  });

  it('when what they ask for is done, and the replies are lost', async () => {
    await start({ processes: 3, proxied: 3 });
    await cluster.work();
    for (let losses = 0; losses < 3; losses++) {
      await cluster.goOn(400);
      await cluster.disturb(async () => {
        for (const proxy of cluster.proxies) proxy.loseReplies();
        await cluster.goOn(300);
        await Promise.all(cluster.proxies.map((proxy) => proxy.heal()));
      });
    }
    await cluster.goOn(400);
    const { account } = await expectKept(cluster);
    expect(account.rejected).toBeGreaterThan(0);
  });

  it('when one of them is killed', async () => {
    await start();
    await cluster.work();
    await cluster.goOn(600);
    await cluster.workers[3]?.kill();
    await cluster.goOn(900);
    await expectKept(cluster);
  });

  it('when one of them stands still for longer than it may trust its memory', async () => {
    await start();
    await cluster.work();
    for (let stops = 0; stops < 2; stops++) {
      await cluster.goOn(300);
      // For the others it is as good as cut off. When it wakes, it does not know yet for how long it has heard nothing.
      await cluster.disturb(async () => {
        await cluster.workers[3]?.do({ act: 'freeze', ms: 1_000, keys: keysOf(24) });
      }, 'p3');
    }
    await expectKept(cluster);
  });
});
