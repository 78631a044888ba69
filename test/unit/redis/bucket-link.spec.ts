import { describe, expect, it } from '@jest/globals';
import { BucketLink, type BucketOwner } from '../../../lib/redis/cluster/bucket-link.js';
import type { LinkListener } from '../../../lib/redis/link.js';
import { RedisLinkError } from '../../../lib/redis/link-error.js';

/** A node that is connected when a test says so, and answers what it says. */
class StubNode {
  isUp = true;
  reply: Promise<unknown> = Promise.resolve('reply');
  readonly said: string[] = [];
  readonly data = { run: () => this.reply, mget: () => this.reply };

  attach(link: BucketLink): void {
    this.said.push('attached');
    if (this.isUp) link.connected();
  }

  detach(link: BucketLink): void {
    this.said.push('detached');
    link.unsubscribed();
    link.disconnected();
  }

  reconnect(): void {
    this.said.push('reconnect');
  }

  resubscribe(): void {
    this.said.push('resubscribe');
  }

  get node(): BucketOwner {
    return this as unknown as BucketOwner;
  }
}

class World {
  readonly told: string[] = [];
  looks = 0;
  closed = 0;
  readonly link = new BucketLink(7, {
    open: () => Promise.resolve(),
    close: () => {
      this.closed++;
      return Promise.resolve();
    },
    lookAround: () => {
      this.looks++;
    },
  });

  constructor() {
    const tell = (what: string) => (): void => void this.told.push(what);
    const listener: LinkListener = {
      connected: tell('connected'),
      disconnected: tell('disconnected'),
      subscribed: tell('subscribed'),
      unsubscribed: tell('unsubscribed'),
      message: (channel, text) => void this.told.push(`${channel} ${text}`),
      failed: (error) => void this.told.push(error.message),
    };
    void this.link.open(['channel'], listener);
  }
}

describe('A link to a bucket', () => {
  it('refuses at once where nobody is known to have it', async () => {
    const { link } = new World();
    await expect(link.mget(['k'])).rejects.toMatchObject({ code: 'NOCONNECTION' });
    expect(link.connection).toBeUndefined();
    link.reconnect();
    link.resubscribe();
  });

  it('asks its owner, and is connected while he is', async () => {
    const { link, told } = new World();
    const owner = new StubNode();
    expect([link.moveTo(owner.node), link.moveTo(owner.node)]).toEqual([true, false]);
    expect([told, link.connection, owner.said]).toEqual([['connected'], 1, ['attached']]);
    expect(await link.mget(['k'])).toBe('reply');
    owner.isUp = false;
    expect(link.connection).toBeUndefined();
  });

  it('tells of each change of owner as of a new connection', () => {
    const { link, told } = new World();
    const [one, other] = [new StubNode(), new StubNode()];
    link.moveTo(one.node);
    link.subscribed();
    link.moveTo(other.node);
    link.moveTo(undefined);
    link.moveTo(one.node);
    const break_ = ['unsubscribed', 'disconnected'];
    expect(told).toEqual(['connected', 'subscribed', ...break_, 'connected', 'disconnected', 'connected']);
    expect(link.connection).toBe(3);
  });

  it('tells nothing twice, and hears nothing before it was subscribed', () => {
    const { link, told } = new World();
    link.disconnected();
    link.unsubscribed();
    link.heard('channel', 'early');
    link.subscribed();
    link.heard('channel', 'text');
    link.unsubscribed();
    link.unsubscribed();
    link.heard('channel', 'late');
    expect(told).toEqual(['subscribed', 'channel text', 'unsubscribed']);
  });

  it.each([
    ['MOVED', 1],
    ['CLUSTERDOWN', 1],
    ['READONLY', 1],
    ['MASTERDOWN', 1],
    // What is on its way has not changed hands yet.
    ['ASK', 0],
    ['TRYAGAIN', 0],
    ['OOM', 0],
  ])('passes on that its owner says %s, and has it looked around or not', async (code, looks) => {
    const world = new World();
    const owner = new StubNode();
    world.link.moveTo(owner.node);
    const error = new RedisLinkError(`${code} said`, code);
    owner.reply = Promise.reject(error);
    await expect(world.link.run({ script: 'fence', keys: [], args: [] })).rejects.toBe(error);
    expect(world.looks).toBe(looks);
  });

  it('has its owner asked anew, and somebody look around, when nothing has come for long', () => {
    const world = new World();
    const owner = new StubNode();
    world.link.moveTo(owner.node);
    world.link.reconnect();
    world.link.resubscribe();
    expect([owner.said, world.looks]).toEqual([['attached', 'reconnect', 'resubscribe'], 1]);
  });

  it('tells nothing more, and has no connection, once it is closed', async () => {
    const { link, told, closed } = new World();
    link.moveTo(new StubNode().node);
    await link.close();
    link.subscribed();
    link.heard('channel', 'text');
    link.failed(new Error('late'));
    link.disconnected();
    expect([told, link.connection, closed]).toEqual([['connected'], undefined, 0]);
    await expect(link.mget(['k'])).rejects.toMatchObject({ code: 'NOCONNECTION' });
  });
});
