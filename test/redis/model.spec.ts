import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { Redis as Redis5 } from 'ioredis-5';
import { SCRIPT_BRANCHES } from '../simulation/script-branches.js';
import { RedisServer } from '../support/redis/server.js';
import { RandomCommands } from './random-commands.js';
import { type Client, type Listener, ModelWorld, ServerWorld } from './world.js';

/** More with SEEDS=20000, other ones with FIRST_SEED=…, through the older client with IOREDIS=5. */
const SEEDS = Number(process.env['SEEDS'] ?? 300);
const FIRST_SEED = Number(process.env['FIRST_SEED'] ?? 1);
const connect = (port: number): Client & Listener & { disconnect(): void } =>
  process.env['IOREDIS'] === '5' ? new Redis5(port) : new Redis(port);

let server: RedisServer;
let client: ReturnType<typeof connect>;
let listener: ReturnType<typeof connect>;

beforeAll(async () => {
  server = await RedisServer.start({ maxmemoryPolicy: 'noeviction' });
  client = connect(server.port);
  listener = connect(server.port);
});

afterAll(async () => {
  client.disconnect();
  listener.disconnect();
  await server.stop();
});

describe('The model of the scripts', () => {
  it('answers every history of commands as a server does, and leaves the same behind', async () => {
    const world = await ServerWorld.connect(client, listener);
    const branches = new Map<string, number>();
    for (let seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      await world.flush();
      const model = new ModelWorld((branch) => branches.set(branch, (branches.get(branch) ?? 0) + 1));
      const expected = await new RandomCommands(model, seed).run();
      const actual = await new RandomCommands(world, seed).run();
      expect({ seed, account: actual }).toEqual({ seed, account: expected });
    }
    for (const branch of SCRIPT_BRANCHES)
      expect({ branch, times: branches.get(branch) ?? 0 }).not.toEqual({ branch, times: 0 });
    expect([...branches.keys()].filter((branch) => !SCRIPT_BRANCHES.includes(branch))).toEqual([]);
  }, 600_000);
});
