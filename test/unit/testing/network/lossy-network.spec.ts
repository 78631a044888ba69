import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { LayerCacheConfigError } from '../../../../lib/index.js';
import { LossyNetwork, type LossyWay } from '../../../../lib/testing/index.js';
import { likelyFreePort } from '../../../../lib/testing/network/likely-free-port.js';
import { TcpWay } from '../../../../lib/testing/network/tcp-way.js';
import { stateOf } from '../../../support/source.js';

/** What answers with what it is told. */
let echo: Server;
let network: LossyNetwork;
let way: LossyWay;
const clients: Socket[] = [];

beforeEach(async () => {
  echo = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.pipe(socket);
  }).listen(0, '127.0.0.1');
  await once(echo, 'listening');
  network = new LossyNetwork({ port: (echo.address() as AddressInfo).port });
  way = await network.way();
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await network.close();
  echo.close();
});

async function clientOf({ host, port }: LossyWay): Promise<Socket> {
  const socket = connect(port, host);
  clients.push(socket);
  await once(socket, 'connect');
  return socket;
}

async function answer(socket: Socket, said: string): Promise<string> {
  socket.write(said);
  const [heard] = (await once(socket, 'data')) as [Buffer];
  return heard.toString();
}

function closeOf(socket: Socket): Promise<void> {
  socket.on('error', () => undefined);
  return new Promise((closed) => socket.once('close', () => closed()));
}

describe('A lossy network', () => {
  it.each<[given: unknown, message: string]>([
    [undefined, "LossyNetwork: got undefined, takes 'redis://localhost:6379', or { host, port }"],
    [null, "LossyNetwork: got null, takes 'redis://localhost:6379', or { host, port }"],
    [6379, "LossyNetwork: got 6379, takes 'redis://localhost:6379', or { host, port }"],
    [{}, 'LossyNetwork.port: got undefined, takes a whole number from 1 to 65535'],
    [{ port: 0 }, 'LossyNetwork.port: got 0, takes a whole number from 1 to 65535'],
    [{ port: 65_536 }, 'LossyNetwork.port: got 65536, takes a whole number from 1 to 65535'],
    [{ port: 1.5 }, 'LossyNetwork.port: got 1.5, takes a whole number from 1 to 65535'],
    [{ port: '6379' }, "LossyNetwork.port: got '6379', takes a whole number from 1 to 65535"],
    [{ host: '', port: 1 }, "LossyNetwork.host: got '', takes a text, such as 'localhost'"],
    [{ host: 4, port: 1 }, "LossyNetwork.host: got 4, takes a text, such as 'localhost'"],
    ['redis://h:0', 'LossyNetwork.port: got 0, takes a whole number from 1 to 65535'],
    ['', "LossyNetwork: got a text that is no address, takes 'redis://localhost:6379', or { host, port }"],
    ['secret@h:1', "LossyNetwork: got a text that is no address, takes 'redis://localhost:6379', or { host, port }"],
    ['http://secret@h', "LossyNetwork: got 'http://…', takes 'redis://localhost:6379', or { host, port }"],
    ['redis://', "LossyNetwork: got 'redis://…' in which no host can be found, takes 'redis://localhost:6379', or"],
    ['redis://:se/cret@h:1', "LossyNetwork: got 'redis://…' in which no host can be found, takes"],
    ['redis://u:7/cret@h:1', "LossyNetwork: got 'redis://…' in which no host can be found, takes"],
    ['rediss://h', "LossyNetwork: got 'rediss://…', whose certificate is of another host than a way begins at, takes"],
  ])('refuses %j', (given, message) => {
    const make = (): LossyNetwork => new LossyNetwork(given as string);
    expect(make).toThrow(LayerCacheConfigError);
    expect(make).toThrow(message);
    expect(make).not.toThrow('cret');
  });

  it('begins ways on the loopback, each at a port of its own', async () => {
    const other = await network.way();
    expect([way.host, other.host]).toEqual(['127.0.0.1', '127.0.0.1']);
    expect(other.port).not.toBe(way.port);
    expect(way.url).toBe(`redis://127.0.0.1:${way.port}`);
    expect(await answer(await clientOf(other), 'said')).toBe('said');
    expect([way.connections, other.connections]).toEqual([0, 1]);
  });

  it('leads to the host and port of an address, and leaves the rest of it as it is', async () => {
    const { port } = echo.address() as AddressInfo;
    const addressed = new LossyNetwork(`redis://me:p%40ss@localhost:${port}/3?family=4`);
    const there = await addressed.way();
    expect(there.url).toBe(`redis://me:p%40ss@127.0.0.1:${there.port}/3?family=4`);
    expect(await answer(await clientOf(there), 'said')).toBe('said');
    await addressed.close();
  });

  it.each(['redis://[::1]', 'redis://localhost', 'REDIS://localhost:6379'])('takes %s', async (url) => {
    const addressed = new LossyNetwork(url);
    const there = await addressed.way();
    expect(there.url).toBe(`redis://127.0.0.1:${there.port}`);
    await addressed.close();
  });

  it('heals all its ways', async () => {
    const other = await network.way();
    await way.cut();
    other.loseReplies();
    const unheard = await clientOf(other);
    const broken = closeOf(unheard);
    unheard.write('said');
    await other.untilLost();
    await network.heal();
    await broken;
    for (const each of [way, other]) expect(await answer(await clientOf(each), 'said')).toBe('said');
  });
});

describe('A lossy way', () => {
  it.each([-1, Number.NaN, Infinity, '50', undefined])('refuses a delay of %p', (ms) => {
    expect(() => way.delay(ms as number)).toThrow(LayerCacheConfigError);
    expect(() => way.delay(ms as number)).toThrow(
      /^LossyWay\.delay: got .+, takes milliseconds as a number from 0 on$/,
    );
  });

  it('is as it was told last, also when one does not wait between', async () => {
    await Promise.all([way.cut(), way.heal(), network.heal(), way.heal(), way.cut()]);
    await expect(clientOf(way)).rejects.toThrow('ECONNREFUSED');
    await Promise.all([way.cut(), way.heal()]);
    expect(await answer(await clientOf(way), 'said')).toBe('said');
  });

  it('brings nothing after what was lost, before it is healed', async () => {
    const socket = await clientOf(way);
    way.loseReplies();
    socket.write('lost');
    await way.untilLost();
    way.loseMessages();
    const heard: string[] = [];
    socket.on('data', (chunk) => heard.push(String(chunk)));
    socket.write('this would be taken for the answer to the other');
    expect(await answer(await clientOf(way), 'said')).toBe('said');
    expect(await stateOf(way.untilLost())).toBe('pending');
    const broken = closeOf(socket);
    await way.heal();
    await broken;
    expect(heard).toEqual([]);
  });

  it('loses messages, and waits for the first of them', async () => {
    const socket = await clientOf(way);
    const message = '>3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$4\r\nnews\r\n';
    expect(await answer(socket, message)).toBe(message);
    way.loseMessages();
    const lost = way.untilLost();
    expect(await answer(socket, '+before\r\n')).toBe('+before\r\n');
    expect(await stateOf(lost)).toBe('pending');
    expect(await answer(socket, `${message}+after\r\n`)).toBe('+after\r\n');
    await lost;
    await way.heal();
    expect(await answer(socket, message)).toBe(message);
  });

  it('gives to the end what may have been the beginning of a message', async () => {
    const socket = await clientOf(way);
    way.loseMessages();
    const closed = closeOf(socket);
    const heard: string[] = [];
    socket.on('data', (chunk) => heard.push(String(chunk)));
    socket.end('>3\r\n$7\r\nmess');
    await closed;
    expect(heard.join('')).toBe('>3\r\n$7\r\nmess');
  });

  it('drips, and keeps the order of what drips and what does not', async () => {
    const socket = await clientOf(way);
    const sizes: number[] = [];
    let heard = '';
    socket.on('data', (chunk) => {
      sizes.push(chunk.length);
      heard += String(chunk);
    });
    const said = Array.from({ length: 1_000 }, (_, index) => String(index)).join(' ');
    way.drip();
    socket.write(said);
    while (heard.length < said.length / 4) await once(socket, 'data');
    expect(Math.max(...sizes)).toBeLessThan(said.length / 4);
    await way.heal();
    socket.end('.');
    await closeOf(socket);
    expect(heard).toBe(`${said}.`);
  });
});

describe('A lossy network that is closed', () => {
  const said = (verb: string): string =>
    `${verb}(): this network is closed, and stays so; a new LossyNetwork makes new ways`;

  it('says so to whoever uses it, or a way of it', async () => {
    await network.close();
    const { host, port } = way;
    await expect(clientOf(way)).rejects.toThrow('ECONNREFUSED');
    for (const verb of ['mute', 'loseRequests', 'loseReplies', 'loseMessages', 'drip'] as const) {
      expect(() => way[verb]()).toThrow(said(`LossyWay.${verb}`));
    }
    expect(() => way.delay(1)).toThrow(said('LossyWay.delay'));
    for (const verb of ['cut', 'heal', 'untilLost'] as const) {
      await expect(way[verb]()).rejects.toThrow(said(`LossyWay.${verb}`));
    }
    await expect(network.way()).rejects.toThrow(said('LossyNetwork.way'));
    await expect(network.heal()).rejects.toThrow(said('LossyNetwork.heal'));
    expect({ host, port, connections: way.connections }).toEqual({ host: way.host, port: way.port, connections: 0 });
  });

  it('has broken its connections, and may be closed again', async () => {
    const broken = closeOf(await clientOf(way));
    await Promise.all([network.close(), network.close()]);
    await broken;
    await network.close();
    expect(way.connections).toBe(0);
  });

  it('lets nobody wait for a loss that cannot come', async () => {
    way.mute();
    const lost = way.untilLost();
    await Promise.all([expect(lost).rejects.toThrow(said('LossyWay.untilLost')), network.close()]);
  });

  it('ends also the way that was just being made', async () => {
    const late = network.way();
    await Promise.all([expect(late).rejects.toThrow(said('LossyNetwork.way')), network.close()]);
  });

  it('begins no way any more, though its first port was taken', async () => {
    const ports = [way.port, likelyFreePort()];
    const late: TcpWay = new TcpWay({
      target: () => ({ host: '127.0.0.1', port: way.port }),
      urlAt: () => '',
      nextPort: () => {
        if (ports.length === 1) void late.close();
        return ports.shift() ?? 0;
      },
    });
    await late.open();
    expect(ports).toEqual([]);
    await expect(clientOf(late)).rejects.toThrow('ECONNREFUSED');
  });
});
