import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Cluster } from 'ioredis';
import { Cluster as Cluster5 } from 'ioredis-5';
import { InvalidationPendingError } from '../../../lib/core/errors.js';
import type { ClusterNode } from '../../support/redis/cluster-node.js';
import { Proxy } from '../../support/redis/proxy.js';
import { RedisCluster } from '../../support/redis/redis-cluster.js';
import { RedisServer } from '../../support/redis/server.js';
import { until } from '../../support/redis/until.js';
import { DRIVERS } from '../link-world.js';
import { closeAll, complained, joined, keyIn, type Member, memberOf, shared } from './world.js';

/** What the room's README says that a user must be allowed. */
const ALLOWED =
  '~lc1:* &lc1:* +evalsha +eval +get +mget +getrange +set +setrange +del +pttl +pexpire +time +info +spublish +ssubscribe +cluster|slots +cluster|info';
const CLUSTERS = [Cluster, Cluster5 as unknown as typeof Cluster];

let cluster: RedisCluster;

beforeAll(async () => {
  cluster = await RedisCluster.start();
});

afterEach(closeAll);

afterAll(() => cluster.stop());

async function onEach(...command: readonly string[]): Promise<void> {
  await Promise.all(cluster.nodes.map((node) => node.command(...command)));
}

function letIn(user: string, allowed: string): Promise<void> {
  return onEach('ACL', 'SETUSER', user, 'reset', 'on', '>secret', ...allowed.split(' '));
}

function as(user: string): object {
  return { redisOptions: { username: user, password: 'secret' } };
}

/** The connections of caches to a node. */
async function guestsOf(node: ClusterNode): Promise<readonly string[]> {
  const clients = String(await node.command('CLIENT', 'LIST')).split('\n');
  return clients.filter((client) => client.includes(' name=layercache:'));
}

const nobodyIsLeft = (): Promise<void> =>
  until(async () => {
    const left = (await Promise.all(cluster.nodes.map(guestsOf))).flat();
    return left.length > 0 ? left.join('\n') : undefined;
  });

describe.each(DRIVERS)('A cache by $driver reaches a cluster', ({ load }) => {
  it('as a user who is allowed what has to be, in silence', async () => {
    await letIn('app', ALLOWED);
    const [one, other] = [1, 2].map(() =>
      memberOf({ cluster: cluster.startupNodes, options: as('app') }, { load }),
    ) as [Member, Member];
    await Promise.all([one.cache.ready(), other.cache.ready()]);
    await shared(one, other);
    await one.cache.invalidateTags('t');
    await one.cache.clear();
    expect([one, other].flatMap(({ errors, warnings }) => [...errors, ...warnings])).toEqual([]);
  });

  it.each([
    ['+spublish', /executing the script can't run this command/],
    ['+ssubscribe', /NOPERM.*'ssubscribe'/],
    ['+cluster|slots', /NOPERM.*'cluster\|slots'/],
  ])('not as a user who lacks %s, which is told', async (lacking, said) => {
    await letIn('guest', ALLOWED.replace(` ${lacking}`, ''));
    const member = memberOf({ cluster: cluster.startupNodes, options: as('guest') }, { load });
    void member.cache.ready();
    const key = keyIn(1);
    void member.cache.set(key, 1).catch(() => undefined);
    await complained(member, said);
  });

  it('by one node of those that are named, whatever the others are', async () => {
    const [node] = cluster.startupNodes;
    const nowhere = [
      { host: '127.0.0.1', port: 9 },
      { host: '127.0.0.1', port: 11 },
    ];
    const member = memberOf({ cluster: [...nowhere, ...(node === undefined ? [] : [node])] }, { load });
    await member.cache.ready();
    const [other] = (await joined(1, cluster, { load })) as [Member];
    await shared(member, other);
    expect(member.warnings).toEqual([]);
  });

  it('not by nodes that are not there: the start goes on after a second, with one warning', async () => {
    const member = memberOf({ cluster: [{ host: '127.0.0.1', port: 9 }] }, { load });
    await member.cache.ready();
    expect(member.warnings).toEqual([expect.stringContaining('could not be reached within 1000 ms')]);
    expect(await member.cache.getOrSet('k', () => Promise.resolve('loaded'))).toBe('loaded');
    expect(member.errors).toEqual(['redis connection: connect ECONNREFUSED 127.0.0.1:9']);
  });

  it('not by a Redis that is none, which is told in plain words', async () => {
    const server = await RedisServer.start();
    try {
      const member = memberOf({ cluster: [{ host: '127.0.0.1', port: server.port }] }, { load });
      await member.cache.ready();
      expect(member.errors).toEqual([
        `redis connection: 127.0.0.1:${server.port} is a Redis by itself and no cluster: give redis a url in place of cluster`,
      ]);
    } finally {
      await closeAll();
      await server.stop();
    }
  });

  it('where its nodes are found under other addresses', async () => {
    const proxies = await Promise.all(cluster.nodes.map(({ port }) => Proxy.start(port)));
    try {
      const natMap = Object.fromEntries(
        cluster.nodes.map(({ host, port }, index) => [`${host}:${port}`, { host, port: proxies[index]?.port }]),
      );
      const nodes = [{ host: '127.0.0.1', port: proxies[0]?.port }];
      const member = memberOf({ cluster: nodes, options: { natMap } }, { load });
      await member.cache.ready();
      const [other] = (await joined(1, cluster, { load })) as [Member];
      await shared(member, other);
      await Promise.all(proxies.map((proxy) => proxy.close()));
      await complained(member, /ECONNREFUSED/);
      await expect(member.cache.delete(keyIn(2))).rejects.toThrow(InvalidationPendingError);
    } finally {
      await Promise.all(proxies.map((proxy) => proxy.close()));
    }
  });

  it('with a prefix before all keys, and hears with it as without', async () => {
    const options = { keyPrefix: 'app:' };
    const [one, other] = [1, 2].map(() => memberOf({ cluster: cluster.startupNodes, options }, { load })) as [
      Member,
      Member,
    ];
    await Promise.all([one.cache.ready(), other.cache.ready()]);
    await shared(one, other);
    expect([...one.errors, ...other.errors]).toEqual([]);
    const keys = await Promise.all((await cluster.primaries()).map((node) => node.command('KEYS', 'app:lc1:{shop:*')));
    for (const some of keys) expect((some as string[]).length).toBeGreaterThan(0);
  });

  it('and leaves no connection behind, whenever it is closed', async () => {
    await nobodyIsLeft();
    const moments: ((member: Member) => Promise<unknown>)[] = [
      () => Promise.resolve(),
      ({ cache }) => Promise.race([cache.ready(), load().then(() => undefined)]),
      ({ cache }) => cache.ready(),
      ({ cache }) => cache.ready().then(() => cache.set('k', 1)),
    ];
    for (const moment of moments) {
      const member = memberOf({ cluster: cluster.startupNodes }, { load });
      await moment(member);
      await member.cache.close();
      await nobodyIsLeft();
    }
  });
});

describe.each(CLUSTERS.map((Made, index) => ({ version: 6 - index, Made })))(
  'A Cluster of ioredis $version that is handed in',
  ({ Made }) => {
    it('is asked for nothing but what it was made with, and stays as it is', async () => {
      await letIn('app', ALLOWED.replace('~lc1', '~mine:lc1'));
      const client = new Made(cluster.startupNodes, { ...as('app'), lazyConnect: true, keyPrefix: 'mine:' });
      const [one, other] = [memberOf({ client }), memberOf({ client })];
      await Promise.all([one.cache.ready(), other.cache.ready()]);
      await shared(one, other);
      expect([...one.errors, ...other.errors]).toEqual([]);
      await closeAll();
      expect(client.status).toBe('wait');
    });

    it('is not closed', async () => {
      const client = new Made(cluster.startupNodes);
      expect(await client.set('of the user', 'value')).toBe('OK');
      const member = memberOf({ client });
      await member.cache.ready();
      await member.cache.close();
      expect(await client.get('of the user')).toBe('value');
      client.disconnect();
    });
  },
);
