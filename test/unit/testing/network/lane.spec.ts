import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { ManualClock } from '../../../../lib/testing/manual-clock.js';
import { Lane } from '../../../../lib/testing/network/lane.js';

const text = (said: string): Buffer => Buffer.from(said);

let listener: Server;
let socket: Socket;
let accepted: Socket;
let clock: ManualClock;
let lane: Lane;

beforeEach(async () => {
  listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  socket = connect((listener.address() as AddressInfo).port, '127.0.0.1');
  [accepted] = (await once(listener, 'connection')) as [Socket];
  clock = new ManualClock();
  lane = new Lane(socket, clock);
});

afterEach(() => {
  socket.destroy();
  listener.close();
});

async function received(): Promise<string> {
  let all = '';
  for await (const chunk of accepted) all += String(chunk);
  return all;
}

describe('A lane', () => {
  it('keeps the order, also of what comes after the delay has ended', async () => {
    lane.send(text('first '), 20);
    lane.send(text('second '), 5);
    lane.send(text('third'), 0);
    lane.send('end', 0);
    await clock.advance(20);
    expect(await received()).toBe('first second third');
  });

  it('delivers nothing before its time', async () => {
    lane.send(text('first'), 20);
    lane.send(text('second'), 30);
    await clock.advance(29);
    expect(socket.bytesWritten).toBe('first'.length);
    await clock.advance(1);
    expect(socket.bytesWritten).toBe('firstsecond'.length);
  });

  it('delivers all in its order when it is hurried, and waits for nothing then', async () => {
    lane.send(text('first '), 3_600_000);
    lane.send(text('second '), 1);
    lane.hurry();
    lane.send(text('third'), 0);
    lane.send('end', 0);
    expect(clock.pending).toBe(0);
    expect(await received()).toBe('first second third');
  });

  it('forgets what is on its way when the connection ends', async () => {
    lane.send(text('first'), 20);
    const closed = once(socket, 'close');
    socket.destroy();
    await closed;
    expect(clock.pending).toBe(0);
    lane.hurry();
    expect(socket.bytesWritten).toBe(0);
  });
});
