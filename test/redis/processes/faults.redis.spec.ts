import { afterEach, describe, expect, it } from '@jest/globals';
import { Cluster, type ClusterOptions } from './cluster.js';
import { expectKept } from './kept.js';

describe('Processes that share a Redis keep what is promised', () => {
  let cluster: Cluster;

  const start = async (options: Partial<ClusterOptions> = {}): Promise<void> => {
    cluster = await Cluster.start({ processes: 4, ...options });
  };

  afterEach(() => cluster.stop());

  it('while nothing goes wrong', async () => {
    await start();
    await cluster.work();
    await cluster.goOn(1_500);
    const { account } = await expectKept(cluster);
    expect(account.reads).toBeGreaterThan(account.loads);
  });

  it('when it is killed, and comes back with nothing', async () => {
    await start();
    await cluster.work();
    await cluster.goOn(500);
    await cluster.disturb(async () => {
      await cluster.server.kill();
      await cluster.goOn(1_300);
      await cluster.server.restart({ empty: true });
    });
    await cluster.goOn(500);
    const { account } = await expectKept(cluster);
    expect(account.rejected).toBeGreaterThan(0);
  });

  it('when it is killed and is back at once', async () => {
    await start();
    await cluster.work();
    for (let kills = 0; kills < 3; kills++) {
      await cluster.goOn(400);
      await cluster.disturb(() => cluster.server.restart({ empty: true }));
    }
    await cluster.goOn(400);
    await expectKept(cluster);
  });

  it('when it stands still', async () => {
    await start();
    await cluster.work();
    await cluster.goOn(500);
    await cluster.disturb(async () => {
      cluster.server.pause();
      await cluster.goOn(1_300);
      cluster.server.resume();
    });
    await cluster.goOn(500);
    const { account } = await expectKept(cluster);
    expect(account.rejected).toBeGreaterThan(0);
  });

  it('when it has too little memory, and lets go of whatever was used least', async () => {
    await start({ server: { maxmemory: '3mb', maxmemoryPolicy: 'allkeys-lru' } });
    cluster.becomeForgetful();
    await cluster.work({ keys: 120, ballast: 50_000 });
    await cluster.goOn(2_000);
    expect(String(await cluster.server.command('INFO', 'stats'))).toMatch(/evicted_keys:[1-9]/);
    await expectKept(cluster);
  });

  it('when it is full, and stores nothing: it is still told of what is invalidated', async () => {
    await start({ server: { maxmemoryPolicy: 'noeviction' } });
    await cluster.work();
    await cluster.goOn(400);
    await cluster.forget(async () => {
      await cluster.server.command('CONFIG', 'SET', 'maxmemory', '1');
      await cluster.goOn(1_000);
      await cluster.server.command('CONFIG', 'SET', 'maxmemory', '0');
    });
    await cluster.goOn(300);
    await expectKept(cluster);
  });

  it('when it is flushed', async () => {
    await start();
    await cluster.work();
    for (let flushes = 0; flushes < 10; flushes++) {
      await cluster.goOn(150);
      await cluster.forget(() => cluster.server.command('FLUSHALL'));
    }
    await expectKept(cluster);
  });

  it('when it forgets its scripts', async () => {
    await start();
    await cluster.work();
    for (let flushes = 0; flushes < 40; flushes++) {
      await cluster.goOn(40);
      await cluster.server.command('SCRIPT', 'FLUSH');
    }
    await expectKept(cluster);
  });
});
