import { afterEach, describe, expect, it } from '@jest/globals';
import { Cluster, type ClusterOptions } from './cluster.js';

describe('Processes that share a Redis keep what is promised', () => {
  let cluster: Cluster;

  const start = async (options: ClusterOptions): Promise<void> => {
    cluster = await Cluster.start(options);
  };
  const kept = async (): Promise<Awaited<ReturnType<Cluster['verdict']>>> => {
    const verdict = await cluster.verdict();
    console.log(JSON.stringify(verdict.account), verdict.recoveredAfter.toFixed(0), verdict.violations.slice(0, 5), verdict.violations.length, cluster.history.events.reduce<Record<string,number>>((all, {kind, text}) => { const k = `${kind} ${text.slice(0,70)}`; all[k] = (all[k] ?? 0) + 1; return all; }, {}));
    expect(verdict.violations).toEqual([]);
    expect(verdict.account.byMemory).toBeGreaterThan(500);
    expect(verdict.account.invalidations).toBeGreaterThan(50);
    return verdict;
  };

  afterEach(() => cluster.stop());

  it('while nothing goes wrong', async () => {
    await start({ processes: 4 });
    await cluster.work();
    await cluster.goOn(2_000);
    await kept();
  });

  it('when Redis is killed, and comes back with nothing', async () => {
    await start({ processes: 4 });
    await cluster.work();
    await cluster.goOn(800);
    await cluster.disturb(async () => {
      await cluster.server.kill();
      await cluster.goOn(1_000);
      await cluster.server.restart({ empty: true });
    });
    await cluster.goOn(700);
    await kept();
  });

  it('when Redis stands still', async () => {
    await start({ processes: 4 });
    await cluster.work();
    await cluster.goOn(800);
    await cluster.disturb(async () => {
      cluster.server.pause();
      await cluster.goOn(1_200);
      cluster.server.resume();
    });
    await cluster.goOn(700);
    await kept();
  });

  it('when whoever hears of invalidations is cut off again and again, at 500 of them a second', async () => {
    await start({ processes: 4 });
    await cluster.work({ users: 10, pauseMs: 24, writes: 0.2 });
    for (let kills = 0; kills < 40; kills++) {
      await cluster.goOn(50);
      await cluster.server.command('CLIENT', 'KILL', 'TYPE', 'pubsub');
    }
    await kept();
  });

  it('when Redis has too little memory, and lets go of whatever was used least', async () => {
    await start({ processes: 4, server: { maxmemory: '3mb', maxmemoryPolicy: 'allkeys-lru' } });
    await cluster.forget(async () => {
      await cluster.work({ keys: 300, ballast: 20_000 });
      await cluster.goOn(2_500);
    });
    expect(String(await cluster.server.command('INFO', 'stats'))).toMatch(/evicted_keys:[1-9]/);
    await kept();
  });

  it('when Redis is flushed', async () => {
    await start({ processes: 4 });
    await cluster.work();
    for (let flushes = 0; flushes < 10; flushes++) {
      await cluster.goOn(200);
      await cluster.forget(() => cluster.server.command('FLUSHALL'));
    }
    await kept();
  });

  it('when Redis forgets its scripts', async () => {
    await start({ processes: 4 });
    await cluster.work();
    for (let flushes = 0; flushes < 40; flushes++) {
      await cluster.goOn(50);
      await cluster.server.command('SCRIPT', 'FLUSH');
    }
    await kept();
  });

  it('when one of them is cut off', async () => {
    await start({ processes: 4, proxied: 1 });
    const [proxy] = cluster.proxies;
    await cluster.work();
    await cluster.goOn(800);
    await cluster.disturb(async () => {
      await proxy?.cut();
      await cluster.goOn(1_500);
      await proxy?.heal();
    }, 'p3');
    await cluster.goOn(700);
    await kept();
  });

  it('when one of them is heard no more, and told nothing', async () => {
    await start({ processes: 4, proxied: 1 });
    const [proxy] = cluster.proxies;
    await cluster.work();
    await cluster.goOn(800);
    await cluster.disturb(async () => {
      proxy?.mute();
      await cluster.goOn(1_500);
      await proxy?.heal();
    }, 'p3');
    await cluster.goOn(700);
    await kept();
  });

  it('when what they ask for is done, and the replies are lost', async () => {
    await start({ processes: 3, proxied: 3 });
    await cluster.work();
    for (let losses = 0; losses < 3; losses++) {
      await cluster.goOn(500);
      await cluster.disturb(async () => {
        for (const proxy of cluster.proxies) proxy.dropReplies();
        await cluster.goOn(300);
        await Promise.all(cluster.proxies.map((proxy) => proxy.heal()));
      });
    }
    await cluster.goOn(500);
    await kept();
  });

  it('when one of them is killed', async () => {
    await start({ processes: 4 });
    await cluster.work();
    await cluster.goOn(800);
    await cluster.workers[3]?.kill();
    await cluster.goOn(1_500);
    await kept();
  });

  it('when one of them stands still for long', async () => {
    await start({ processes: 4 });
    await cluster.work();
    for (let stops = 0; stops < 3; stops++) {
      await cluster.goOn(300);
      await cluster.workers[3]?.do({ act: 'freeze', ms: 1_000, keys: ['plain-0', 'declared-1', 'late-2', 'both-3'] });
    }
    await kept();
  });
});
