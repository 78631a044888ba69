import { restore } from './jest-parts.mjs';

/** What a test waits for comes at once or by a short timer. After so long without anything under way it never comes. */
const STILL = 400;
const LOOK_EVERY = 25;

// Tests may put others in their place for a while.
const { setInterval, clearInterval, setImmediate } = globalThis;

/** Milliseconds of this process's own: others on the machine do not count. */
const now = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};

/** Nothing is under way any more that could end what is waited for. */
export class HungError extends Error {}

/** Runs tests of one evaluated file, in their order, with the hooks of the blocks they lie in. */
export class SpecRun {
  #before;
  #entered = [];
  #stray = [];

  /** `before` is told which test, or which block with its hooks, comes next. */
  constructor(before) {
    this.#before = before;
  }

  /** Tells of each test with its error, or undefined, until `ended` returns true. */
  async run(tests, ended) {
    const strayed = (error) => void this.#stray.push(error);
    process.on('unhandledRejection', strayed);
    process.on('uncaughtException', strayed);
    try {
      await this.#each(tests, ended);
    } finally {
      await this.#leave(0).catch(() => undefined);
      this.#before(undefined);
      restore();
      await turn();
      process.off('unhandledRejection', strayed);
      process.off('uncaughtException', strayed);
    }
  }

  async #each(tests, ended) {
    for (const test of tests) {
      const begin = now();
      const failure = await this.#failureOf(test);
      if (ended(test, failure, now() - begin)) return;
    }
  }

  async #failureOf(test) {
    this.#stray = [];
    try {
      await this.#enter(test.way);
      this.#before({ test });
      await this.#withHooks(test);
      await turn();
    } catch (error) {
      return { error };
    }
    return this.#stray.length === 0 ? undefined : { error: this.#stray[0] };
  }

  async #withHooks({ way, body }) {
    try {
      for (const { hooks } of way) for (const hook of hooks.beforeEach) await unlessHung(hook);
      await unlessHung(body);
    } finally {
      for (const { hooks } of way.toReversed()) for (const hook of hooks.afterEach) await unlessHung(hook);
    }
  }

  async #enter(way) {
    const common = this.#entered.findIndex((block, depth) => block !== way[depth]);
    await this.#leave(common < 0 ? this.#entered.length : common);
    for (const block of way.slice(this.#entered.length)) {
      this.#entered.push(block);
      this.#before({ block });
      for (const hook of block.hooks.beforeAll) await unlessHung(hook);
    }
  }

  async #leave(depth) {
    while (this.#entered.length > depth) {
      const block = this.#entered.pop();
      this.#before({ block });
      for (const hook of block.hooks.afterAll.toReversed()) await unlessHung(hook);
    }
  }
}

async function unlessHung(body) {
  // Looked at before the first steps, which may begin what is over soon; less of it as what was left behind comes to its end.
  let usual = process.getActiveResourcesInfo().length;
  const given = body();
  if (typeof given?.then !== 'function') return;
  let watch;
  const hung = new Promise((_resolve, reject) => {
    let quiet = 0;
    watch = setInterval(() => {
      const active = process.getActiveResourcesInfo().length;
      usual = Math.min(usual, active);
      quiet = active > usual ? 0 : quiet + LOOK_EVERY;
      if (quiet >= STILL) reject(new HungError('waits for what never comes'));
    }, LOOK_EVERY).unref();
  });
  try {
    await Promise.race([given, hung]);
  } finally {
    clearInterval(watch);
  }
}

function turn() {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
