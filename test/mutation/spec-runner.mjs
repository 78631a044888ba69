import { Coverage } from './coverage.mjs';
import { SpecFiles } from './spec-files.mjs';
import { HungError, SpecRun } from './spec-run.mjs';

/**
 * Tests of sizes take half of the time and notice next to nothing that others do not. They are left out, and whatever else takes
 * long, but for the tests of the floor itself.
 */
const OF_SIZES =
  /storing many other keys|however many|survives a thousand|stores even|more distinct tags|\d0,000|half a million|much passes/;
const SLOW = 200;
/** A mutant that so many milliseconds of tests beyond its own did not notice counts as not noticed. */
const ENOUGH = 2_000;

/** Runs the specs of a checkout in this process, without a Jest around each file, which costs a second per file. */
class SpecRunner {
  static inject = ['options'];
  #switch = (globalThis.__stryker__ ??= {});
  #files;
  #own;
  #coverage;

  constructor({ specs, floor }) {
    this.#own = `test/unit/${floor}/`;
    this.#files = new SpecFiles(process.cwd(), specs);
    this.#coverage = new Coverage(process.cwd(), this.#switch);
  }

  capabilities() {
    // Each run evaluates the files it needs anew.
    return { reloadEnvironment: true };
  }

  async init() {
    await this.#files.bundle();
    await this.#coverage.recall();
  }

  async dryRun() {
    const tests = [];
    this.#switch.activeMutant = undefined;
    for (const file of this.#files.names) {
      const tree = this.#coverage.whileLoading(file, () => this.#files.evaluate(file));
      const run = new SpecRun((next) => this.#coverage.attribute(file, next));
      const few = [...tree.tests()].filter(({ id }) => this.#isOwn(file) || !OF_SIZES.test(id));
      await run.run(few, (test, failure, timeSpentMs) => {
        const fileName = this.#files.path(file);
        if (timeSpentMs > SLOW && !this.#isOwn(file) && failure === undefined) return false;
        const result = { id: test.id, name: test.id, fileName, timeSpentMs };
        tests.push(
          failure === undefined
            ? { ...result, status: 0 }
            : { ...result, status: 1, failureMessage: messageOf(failure) },
        );
        return false;
      });
    }
    return { status: 'complete', tests, mutantCoverage: await this.#coverage.finish(tests) };
  }

  async mutantRun({ activeMutant, testFilter, sandboxFileName, hitLimit }) {
    const mutated = this.#files.relative(sandboxFileName);
    const plan = this.#coverage.plan(activeMutant.id, testFilter, mutated);
    Object.assign(this.#switch, { activeMutant: activeMutant.id, hitLimit, hitCount: hitLimit && 0 });
    let nrOfTests = 0;
    let spent = 0;
    for (const { file, wanted } of plan) {
      if (spent > ENOUGH && !this.#isOwn(file)) continue;
      let end;
      let tree;
      try {
        tree = this.#files.evaluate(file);
      } catch (error) {
        return this.#killed([this.#coverage.testsOf(file)[0]], { error }, nrOfTests + 1);
      }
      const tests = [...tree.tests()].filter(({ id }) => wanted.has(id));
      await new SpecRun(() => undefined).run(tests, (test, failure, time) => {
        nrOfTests++;
        if (!this.#isOwn(file)) spent += time;
        if (failure !== undefined) end = this.#killed([test.id], failure, nrOfTests);
        return end !== undefined;
      });
      if (end === undefined) continue;
      this.#coverage.noticed(mutated, file);
      return end;
    }
    return { status: 'survived', nrOfTests };
  }

  #isOwn(file) {
    return file.startsWith(this.#own);
  }

  #killed(killedBy, failure, nrOfTests) {
    if (failure.error instanceof HungError || this.#switch.hitCount > this.#switch.hitLimit) {
      return { status: 'timeout', reason: messageOf(failure) };
    }
    return { status: 'killed', killedBy, failureMessage: messageOf(failure), nrOfTests };
  }
}

function messageOf({ error }) {
  try {
    return String(error?.message ?? error).slice(0, 500) || 'an error without a message';
  } catch {
    return 'an error that cannot be described';
  }
}

export const strykerPlugins = [{ kind: 'TestRunner', name: 'specs', injectableClass: SpecRunner }];
