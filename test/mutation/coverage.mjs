import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** Which tests reach which mutant, and which files do so while they are loaded. */
export class Coverage {
  #path;
  #switch;
  #noticed = new Map();
  #blocks = new Map();
  #under = new Map();
  #known = { loads: {}, tests: {}, times: {}, reached: {} };

  constructor(root, strykers) {
    this.#path = join(root, '.coverage.json');
    this.#switch = strykers;
  }

  /** What an earlier process of this run has found out. */
  async recall() {
    if (existsSync(this.#path)) this.#known = JSON.parse(await readFile(this.#path, 'utf8'));
  }

  whileLoading(file, load) {
    this.#switch.currentTestId = loadingOf(file);
    return load();
  }

  /** What is reached from here on is reached by this test, or by the hooks of this block, thus by each test in it. */
  attribute(file, next) {
    this.#switch.currentTestId = next?.test?.id;
    if (next?.block === undefined) return;
    if (!this.#blocks.has(next.block)) {
      this.#blocks.set(next.block, `${file}, block ${this.#blocks.size}`);
      this.#under.set(
        this.#blocks.get(next.block),
        [...next.block.tests()].map(({ id }) => id),
      );
    }
    this.#switch.currentTestId = this.#blocks.get(next.block);
  }

  async finish(tests) {
    this.#switch.currentTestId = undefined;
    const found = this.#switch.mutantCoverage ?? { static: {}, perTest: {} };
    const perTest = {};
    const add = (to, from) => {
      for (const [mutant, hits] of Object.entries(from ?? {})) to[mutant] = (to[mutant] ?? 0) + hits;
    };
    const counted = new Set(tests.map(({ id }) => id));
    for (const [id, hits] of Object.entries(found.perTest)) {
      if (id.startsWith(LOADING)) {
        add(found.static, hits);
        this.#known.loads[id.slice(LOADING.length)] = Object.keys(hits);
        continue;
      }
      const reaching = (this.#under.get(id) ?? [id]).filter((test) => counted.has(test));
      for (const test of reaching) add((perTest[test] ??= {}), hits);
    }
    for (const { id, timeSpentMs } of tests) {
      this.#known.times[id] = timeSpentMs;
      (this.#known.tests[fileOf(id)] ??= []).push(id);
    }
    for (const mutant of Object.keys(found.static)) {
      this.#known.reached[mutant] = Object.keys(perTest).filter((test) => mutant in perTest[test]);
    }
    await writeFile(this.#path, JSON.stringify(this.#known));
    return { static: found.static, perTest };
  }

  testsOf(file) {
    return this.#known.tests[file];
  }

  noticed(mutated, test) {
    for (const name of [test, fileOf(test)])
      this.#noticed.set(`${mutated} ${name}`, this.#timesNoticed(mutated, name) + 1);
  }

  #timesNoticed(mutated, name) {
    return this.#noticed.get(`${mutated} ${name}`) ?? 0;
  }

  #loadedWith(mutant) {
    const files = Object.keys(this.#known.loads).filter((file) => this.#known.loads[file].includes(mutant));
    return files.flatMap((file) => this.testsOf(file) ?? []);
  }

  /**
   * The tests to run, which rely on no order: those of the floor, then the others; in each those first that stand beside the
   * mutated file, that have noticed changes of it before, that are quick. There is no filter for what is reached while a file is
   * loaded: then these are all tests of such files, too.
   */
  plan(mutant, filter, { mutated, isOfFloor }) {
    const ids = filter ?? [...new Set([...this.#loadedWith(mutant), ...(this.#known.reached[mutant] ?? [])])];
    const rank = (id, file) => {
      const before = 1 + 5 * this.#timesNoticed(mutated, id) + this.#timesNoticed(mutated, file);
      return (before * (isBeside(file, mutated) ? 20 : 1)) / (5 + this.#known.times[id]);
    };
    return ids
      .map((id) => ({ id, file: fileOf(id) }))
      .map((test) => ({ ...test, own: Number(isOfFloor(test.file)), rank: rank(test.id, test.file) }))
      .sort((a, b) => b.own - a.own || b.rank - a.rank);
  }
}

const LOADING = 'while loading ';

function loadingOf(file) {
  return `${LOADING}${file}`;
}

function fileOf(id) {
  return id.slice(0, id.indexOf(': '));
}

function isBeside(spec, mutated) {
  return basename(spec).startsWith(basename(mutated, '.ts'));
}
