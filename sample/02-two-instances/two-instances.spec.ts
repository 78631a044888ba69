import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Outcome, play } from './src/play.js';
import { World } from './src/world.js';
import { StorefrontProgram } from './storefront-program.js';

describe('Two storefronts with one PostgreSQL and one Redis', () => {
  const said: string[] = [];
  let program: StorefrontProgram;
  let world: World;
  let outcome: Outcome;

  beforeAll(async () => {
    program = await StorefrontProgram.make();
    world = new World({
      storefront: program.path,
      processes: new URL('./processes/', import.meta.url),
      products: 200,
    });
    outcome = await play(world, { changes: 5, changesAfterwards: 3, seconds: 1, patienceMs: 0 }, (line) =>
      said.push(line),
    );
  });

  afterAll(async () => {
    await world.stop();
    await program.remove();
  });

  it('load a product once, and then have it each in its own memory', () => {
    expect(outcome.sources).toEqual(['the database', 'Redis', 'memory', 'memory']);
  });

  it('show a price that was changed through one of them at the other within two seconds', () => {
    expect(outcome.shownMs).toHaveLength(5);
    for (const ms of outcome.shownMs) expect(ms).toBeLessThan(2_000);
  });

  it('answer every read while Redis dies, is gone and comes back', () => {
    expect(outcome.outage.failed).toBe(0);
  });

  it('can change a price meanwhile', () => {
    expect(outcome.outage.own.shown).toBe(outcome.outage.own.made);
  });

  it('agree on every price when Redis is back and a price has changed again', () => {
    expect(outcome.agreement.shownMs).toHaveLength(3);
    expect(outcome.agreement.disagreements).toEqual([]);
  });

  it('tell of it as it happens', () => {
    expect(said.join('\n')).toMatch(/With Redis: [\d,]+ answers a second, 0 failed/);
  });

  it('leave nothing behind when they are stopped', async () => {
    const pids = await world.pids();
    expect(pids).toHaveLength(4);
    await world.stop();
    expect(pids.filter(isAlive)).toEqual([]);
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
