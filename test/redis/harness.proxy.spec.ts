import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { likelyFreePort } from '../../lib/testing/network/likely-free-port.js';
import { Proxy } from '../support/redis/proxy.js';
import { type Argument, ask, encode, inText, type Reply } from '../support/redis/resp.js';
import { RedisServer } from '../support/redis/server.js';
import { stateOf } from '../support/source.js';

let server: RedisServer;
let proxy: Proxy;
const sockets: Socket[] = [];

beforeEach(async () => {
  server = await RedisServer.start();
  proxy = await Proxy.start(server.port);
});

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await proxy.close();
  await server.stop();
});

async function through(...command: readonly Argument[]): Promise<Reply> {
  return inText(await ask({ port: proxy.port, greeting: [] }, command));
}

/** A client that stays connected through the proxy. */
async function client(): Promise<Socket> {
  const socket = connect(proxy.port, '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** Resolves when a client is no longer connected, be it by an error. */
function closeOf(socket: Socket): Promise<unknown> {
  return new Promise((closed) => {
    socket.once('close', closed);
  });
}

async function exchange(socket: Socket, ...command: readonly Argument[]): Promise<string> {
  socket.write(encode(command));
  const [reply] = (await once(socket, 'data')) as [Buffer];
  return reply.toString();
}

describe('A proxy', () => {
  it('changes nothing as long as nothing is asked of it', async () => {
    const bytes = Buffer.alloc(1_000_000, 'a\r\n');
    await through('SET', 'key', bytes);
    const reply = await ask({ port: proxy.port, greeting: [] }, ['GET', 'key']);
    expect(bytes.equals(reply as Buffer)).toBe(true);
  });

  it('passes on that a client has gone', async () => {
    const socket = await client();
    await exchange(socket, 'PING');
    const closed = closeOf(socket);
    socket.end();
    await closed;
    expect(((await server.command('CLIENT', 'LIST')) as string).trim().split('\n')).toHaveLength(1);
    expect(proxy.connections).toBe(0);
  });

  it('passes on that the server has gone', async () => {
    const socket = await client();
    await exchange(socket, 'PING');
    const closed = closeOf(socket.resume());
    await server.kill();
    await closed;
    await expect(through('PING')).rejects.toThrow(/ECONNRESET|closed the connection/);
  });

  it('outlives the server and finds it again', async () => {
    await server.restart();
    expect(await through('PING')).toBe('PONG');
  });

  it('takes another port when the first is taken', async () => {
    const free = likelyFreePort();
    const ports = [server.port, free];
    const second = await Proxy.start(server.port, () => ports.shift() ?? 0);
    await second.close();
    expect(second.port).toBe(free);
  });

  it('refuses connections once it is stopped', async () => {
    await proxy.close();
    await expect(through('PING')).rejects.toThrow('ECONNREFUSED');
  });
});

describe('A proxy that is cut', () => {
  it('breaks the connections there are', async () => {
    const socket = await client();
    await exchange(socket, 'PING');
    const failed = new Promise<Error>((told) => {
      socket.once('error', told);
    });
    await proxy.cut();
    expect(await failed).toMatchObject({ code: 'ECONNRESET' });
  });

  it('refuses new ones until it is healed, on the same port', async () => {
    const { port } = proxy;
    await proxy.cut();
    await expect(through('PING')).rejects.toThrow('ECONNREFUSED');
    await proxy.heal();
    expect(await through('PING')).toBe('PONG');
    expect(proxy.port).toBe(port);
  });

  it('refuses those from one address alone until it is healed', async () => {
    proxy.refuse('127.0.0.9');
    const socket = await client();
    await exchange(socket, 'PING');
    const closed = closeOf(socket);
    proxy.refuse('127.0.0.1');
    await closed;
    await expect(through('PING')).rejects.toThrow(/ECONNRESET|closed the connection/);
    await proxy.heal();
    expect(await through('PING')).toBe('PONG');
  });

  it('may be cut and healed twice', async () => {
    await proxy.cut();
    await proxy.cut();
    await proxy.heal();
    await proxy.heal();
    expect(await through('PING')).toBe('PONG');
  });
});

describe('A proxy that is mute', () => {
  it('takes what is sent, forwards nothing and answers nothing', async () => {
    proxy.mute();
    const asked = through('SET', 'key', 'value');
    await proxy.untilLost();
    expect(await server.command('GET', 'key')).toBeNull();
    expect(await stateOf(asked)).toBe('pending');
    await proxy.heal();
    await expect(asked).rejects.toThrow('ECONNRESET');
    expect(await server.command('GET', 'key')).toBeNull();
  });

  it('keeps a connection on which nothing was said meanwhile', async () => {
    const socket = await client();
    await exchange(socket, 'PING');
    proxy.mute();
    await proxy.heal();
    expect(await exchange(socket, 'PING')).toBe('+PONG\r\n');
  });

  it('swallows what the server says of its own accord', async () => {
    const socket = await client();
    await exchange(socket, 'SUBSCRIBE', 'channel');
    proxy.mute();
    await server.command('PUBLISH', 'channel', 'news');
    await proxy.untilLost();
    const closed = closeOf(socket);
    await proxy.heal();
    await closed;
    expect(socket.read()).toBeNull();
  });
});

describe('A proxy that loses replies', () => {
  it('lets requests have their effect and never tells', async () => {
    proxy.loseReplies();
    const asked = through('SET', 'key', 'value');
    await proxy.untilLost();
    expect(await server.command('GET', 'key')).toBe('value');
    expect(await stateOf(asked)).toBe('pending');
    await proxy.heal();
    await expect(asked).rejects.toThrow('ECONNRESET');
  });

  it('gives no later question the answer to an earlier one', async () => {
    const socket = await client();
    await exchange(socket, 'PING');
    proxy.loseReplies();
    socket.write(encode(['SET', 'key', 'value']));
    await proxy.untilLost();
    const closed = closeOf(socket);
    await proxy.heal();
    await closed;
    expect(await through('GET', 'key')).toBe('value');
  });
});

describe('A proxy with a delay', () => {
  it('takes that long each way', async () => {
    const socket = await client();
    await exchange(socket, 'PING');
    proxy.delay(40);
    const start = performance.now();
    expect(await exchange(socket, 'PING')).toBe('+PONG\r\n');
    expect(performance.now() - start).toBeGreaterThanOrEqual(80);
  });

  it('has none any more once it is healed', async () => {
    proxy.delay(3_600_000);
    await proxy.heal();
    expect(await through('PING')).toBe('PONG');
  });

  it('delivers what was under way when it is healed', async () => {
    const socket = await client();
    await exchange(socket, 'PING');
    proxy.delay(3_600_000);
    socket.write(encode(['SET', 'key', 'value']));
    expect(await server.command('GET', 'key')).toBeNull();
    const told = once(socket, 'data');
    await proxy.heal();
    expect(String((await told)[0])).toBe('+OK\r\n');
  });

  it('forgets what was under way when it is cut', async () => {
    const socket = await client();
    await exchange(socket, 'PING');
    proxy.delay(3_600_000);
    socket.write(encode(['SET', 'key', 'value']));
    socket.end();
    await proxy.cut();
    expect(await server.command('GET', 'key')).toBeNull();
  });
});
