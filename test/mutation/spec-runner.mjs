import fc from 'fast-check';
import { Coverage } from './coverage.mjs';
import { SpecFiles } from './spec-files.mjs';
import { HungError, SpecRun } from './spec-run.mjs';

/** Tests of sizes take most of the time, and notice next to nothing that others do not. They are left out. */
const OF_SIZES =
  /storing many other keys|however many (carry|other|there)|survives a thousand|stores even|more distinct tags|\d million|half a million|never ends|much passes/;
/** So are those that take more milliseconds, but for the tests of the floor itself. */
const SLOW = 100;
/** A mutant that the floor's own unit tests and so many milliseconds of other tests did not notice counts as not noticed. */
const ENOUGH = 2_000;
/** The same where it is tried again. */
const ENOUGH_AGAIN = 10_000;

/** Runs the specs of a checkout in this process, without a Jest around each file, which costs a second per file. */
class SpecRunner {
  static inject = ['options'];
  #switch = (globalThis.__stryker__ ??= {});
  #files;
  #own;
  #ofFloor;
  #enough;
  #coverage;

  constructor({ specs, floor, ofFloor = [], isThorough = false }) {
    this.#enough = isThorough ? ENOUGH_AGAIN : ENOUGH;
    this.#ofFloor = ofFloor;
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
      const few = [...tree.tests()].filter(({ id }) => !OF_SIZES.test(id));
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
    const plan = this.#coverage.plan(activeMutant.id, testFilter, {
      mutated,
      isOfFloor: (file) => this.#isOfFloor(file),
    });
    Object.assign(this.#switch, { activeMutant: activeMutant.id, hitLimit, hitCount: hitLimit && 0 });
    const trees = new Map();
    let nrOfTests = 0;
    let others = 0;
    for (const { id, file } of plan) {
      if (others > this.#enough && !this.#isOwn(file)) continue;
      if (!trees.has(file)) trees.set(file, this.#load(file));
      const { tests, failure: unloadable } = trees.get(file);
      let end = unloadable;
      const test = tests?.get(id);
      if (test !== undefined) {
        await new SpecRun(() => undefined).run([test], (_test, failure, time) => {
          if (!this.#isOwn(file)) others += time;
          end = failure;
          return true;
        });
      }
      nrOfTests++;
      if (end === undefined) continue;
      this.#coverage.noticed(mutated, id);
      return this.#killed([id], end, nrOfTests);
    }
    return { status: 'survived', nrOfTests };
  }

  #load(file) {
    try {
      const tree = this.#files.evaluate(file);
      // That it failed is all that is asked of a property.
      fc.configureGlobal({ ...fc.readConfigureGlobal(), endOnFailure: true });
      return { tests: new Map([...tree.tests()].map((test) => [test.id, test])) };
    } catch (error) {
      return { failure: { error } };
    }
  }

  #isOfFloor(file) {
    return this.#ofFloor.some((folder) => file.startsWith(`${folder}/`));
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
