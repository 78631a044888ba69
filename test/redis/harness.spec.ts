import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { likelyFreePort } from '../../lib/testing/network/likely-free-port.js';
import { RedisServer, type RedisServerOptions } from '../support/redis/server.js';
import { ask } from '../support/redis/resp.js';
import { stateOf } from '../support/source.js';

const servers: RedisServer[] = [];

async function start(options?: RedisServerOptions): Promise<RedisServer> {
  const server = await RedisServer.start(options);
  servers.push(server);
  return server;
}

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

describe('A Redis server of a test', () => {
  it('answers as soon as it is started', async () => {
    const server = await start();
    expect(await server.command('PING')).toBe('PONG');
    expect(server.url).toBe(`redis://127.0.0.1:${server.port}`);
  });

  it('is the process that it says it is', async () => {
    const server = await start();
    expect(await server.command('INFO', 'server')).toContain(`process_id:${server.pid}\r\n`);
  });

  it('shares nothing with another one', async () => {
    const [one, other] = await Promise.all([start(), start()]);
    await one.command('SET', 'key', 'value');
    expect(await other.command('GET', 'key')).toBeNull();
    expect(one.port).not.toBe(other.port);
  });

  it('takes another port when the first is taken', async () => {
    const free = likelyFreePort();
    const ports = [(await start()).port, free];
    expect((await start({ nextPort: () => ports.shift() ?? 0 })).port).toBe(free);
  });

  it('listens below the ports that the system gives to clients', async () => {
    const { port } = await start();
    expect(port).toBeLessThan(32_768);
  });

  it('leaves neither process, port nor folder behind when it is stopped', async () => {
    const server = await start();
    const [, folder] = (await server.command('CONFIG', 'GET', 'dir')) as [string, string];
    await server.stop();
    expect(server.running).toBe(false);
    expect(() => process.kill(server.pid, 0)).toThrow('ESRCH');
    await expect(server.command('PING')).rejects.toThrow('ECONNREFUSED');
    await expect(readdir(`${folder}/..`)).rejects.toThrow('ENOENT');
  });

  it('may be stopped more than once, and after it died', async () => {
    const server = await start();
    await server.kill();
    await server.stop();
    await expect(server.stop()).resolves.toBeUndefined();
  });

  it('is gone when a kill returns, and its clients know', async () => {
    const server = await start();
    const client = connect(server.port, '127.0.0.1');
    await once(client, 'connect');
    const closed = once(client.resume(), 'close');
    await server.kill('SIGTERM');
    await closed;
    await expect(server.command('PING')).rejects.toThrow('ECONNREFUSED');
  });

  it('refuses a signal once it is gone, when its number may be that of someone else', async () => {
    const server = await start();
    await server.kill();
    expect(() => {
      server.pause();
    }).toThrow('the server is not running');
  });

  it('answers nothing while it is paused, and everything after', async () => {
    const server = await start();
    server.pause();
    const asked = server.command('PING');
    await (await start()).command('PING');
    expect(await stateOf(asked)).toBe('pending');
    server.resume();
    expect(await asked).toBe('PONG');
  });

  it('is stopped even while it is paused', async () => {
    const server = await start();
    server.pause();
    await server.stop();
    expect(server.running).toBe(false);
  });

  it('says why it does not start', async () => {
    await expect(start({ args: ['--no-such-option', 'x'] })).rejects.toThrow(/no-such-option/);
  });
});

describe('A Redis server that is restarted', () => {
  it('has the data it had, on the port it had, as another process', async () => {
    const server = await start();
    const { pid, port } = server;
    await server.command('SET', 'key', 'value');
    await server.restart();
    expect(await server.command('GET', 'key')).toBe('value');
    expect(server.port).toBe(port);
    expect(server.pid).not.toBe(pid);
  });

  it('is empty if asked for, also when it had been saved before', async () => {
    const server = await start();
    await server.command('SET', 'key', 'value');
    await server.restart();
    await server.restart({ empty: true });
    expect(await server.command('DBSIZE')).toBe(0);
  });

  it('is empty after it was killed, since nothing is persistent', async () => {
    const server = await start();
    await server.command('SET', 'key', 'value');
    await server.kill();
    await server.restart();
    expect(await server.command('DBSIZE')).toBe(0);
  });
});

describe('A question to a Redis server', () => {
  it('is answered by any kind of reply', async () => {
    const server = await start();
    await server.command('RPUSH', 'list', 'one', 'zwei – 2');
    const script = "return {1, 'a', false, {redis.status_reply('fine')}, redis.error_reply('ERR bad')}";
    expect(await server.command('LRANGE', 'list', 0, -1)).toEqual(['one', 'zwei – 2']);
    expect(await server.command('EVAL', script, 0)).toEqual([1, 'a', null, ['fine'], new Error('ERR bad')]);
  });

  it('rejects with the error of the server', async () => {
    const server = await start();
    await expect(server.command('NONSENSE')).rejects.toThrow("ERR unknown command 'NONSENSE'");
  });

  it('gives and takes bytes that are no text', async () => {
    const server = await start();
    const bytes = Buffer.from([0, 255, 13, 10, 128]);
    await server.command('SET', 'key', bytes);
    expect(await server.commandBytes('GET', 'key')).toEqual(bytes);
  });

  it('may have an answer that comes in many pieces', async () => {
    const server = await start();
    await server.command('SET', 'key', 'x'.repeat(3_000_000));
    expect(await server.command('GET', 'key')).toHaveLength(3_000_000);
  });

  it('leaves no client behind', async () => {
    const server = await start();
    await server.command('PING');
    const clients = (await server.command('CLIENT', 'LIST')) as string;
    expect(clients.trim().split('\n')).toHaveLength(1);
  });
});

describe('A Redis server with options', () => {
  it('persists nothing by itself', async () => {
    const server = await start();
    expect(await server.command('CONFIG', 'GET', 'save')).toEqual(['save', '']);
    expect(await server.command('CONFIG', 'GET', 'appendonly')).toEqual(['appendonly', 'no']);
  });

  it('has as much memory as it is given, with the policy it is given', async () => {
    const server = await start({ maxmemory: '10mb', maxmemoryPolicy: 'allkeys-lru' });
    expect(await server.command('CONFIG', 'GET', 'maxmemory')).toEqual(['maxmemory', '10485760']);
    expect(await server.command('CONFIG', 'GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'allkeys-lru']);
  });

  it('takes more of the command line', async () => {
    const server = await start({ args: ['--databases', '3'] });
    expect(await server.command('CONFIG', 'GET', 'databases')).toEqual(['databases', '3']);
  });

  it('asks everyone for the password, which stands in the url', async () => {
    const server = await start({ password: 'not so/secret' });
    expect(await server.command('PING')).toBe('PONG');
    expect(server.url).toBe(`redis://:not%20so%2Fsecret@127.0.0.1:${server.port}`);
    await expect(ask({ port: server.port, greeting: [] }, ['PING'])).rejects.toThrow('NOAUTH');
  });

  it('knows its users, and is still there for the test when the default user is shut out', async () => {
    const server = await start({ users: ['default off', 'app on >secret ~shop:* +@all -@dangerous'] });
    const app = { port: server.port, greeting: [['AUTH', 'app', 'secret']] };
    await ask(app, ['SET', 'shop:key', 'value']);
    expect(await server.command('GET', 'shop:key')).toBe('value');
    await expect(ask(app, ['GET', 'other'])).rejects.toThrow('NOPERM');
    await expect(ask(app, ['FLUSHALL'])).rejects.toThrow('NOPERM');
    await expect(ask({ port: server.port, greeting: [] }, ['PING'])).rejects.toThrow('NOAUTH');
  });

  it('speaks TLS alone, to those who trust its certificate', async () => {
    const server = await start({ tls: true });
    const { port, ca = '' } = server;
    expect(server.url).toBe(`rediss://127.0.0.1:${port}`);
    expect(await server.command('PING')).toBe('PONG');
    await server.restart();
    expect(await ask({ port, ca, greeting: [] }, ['PING'])).toBe('PONG');
    await expect(ask({ port, ca: (await start({ tls: true })).ca ?? '', greeting: [] }, ['PING'])).rejects.toThrow(
      'self-signed',
    );
    await expect(ask({ port, greeting: [] }, ['PING'])).rejects.toThrow(/ECONNRESET|closed the connection/);
  });
});
