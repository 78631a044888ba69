import { existsSync } from 'node:fs';
import { readFile, rename } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Script } from 'node:vm';
import { build } from 'esbuild';
import { specTree } from './spec-tree.mjs';

const WORDS = Symbol.for('nestjs-layercache.mutation');

/** The spec files of a checkout. Each is bundled once with all it imports, and may be evaluated any number of times. */
export class SpecFiles {
  #root;
  #files;
  #scripts = new Map();

  constructor(root, files) {
    this.#root = root;
    this.#files = files;
  }

  get names() {
    return this.#files;
  }

  /** Left beside the files for the process that follows when this one has to be ended. */
  async bundle() {
    const folder = join(this.#root, '.specs');
    if (!existsSync(folder)) {
      const unfinished = `${folder}-${process.pid}`;
      await build({
        entryPoints: this.#files,
        absWorkingDir: this.#root,
        outdir: unfinished,
        outbase: '.',
        tsconfig: join(this.#root, 'tsconfig.json'),
        bundle: true,
        platform: 'node',
        target: 'es2022',
        format: 'cjs',
        packages: 'external',
        keepNames: true,
        logLevel: 'error',
        plugins: [wordsOfJest, places],
      });
      await rename(unfinished, folder);
    }
    for (const file of this.#files) {
      const path = join(folder, file.replace(/\.ts$/, '.js'));
      const text = await readFile(path, 'utf8');
      this.#scripts.set(file, new Script(`(function (require, module, exports) {${text}\n})`, { filename: path }));
    }
  }

  /** Evaluates a file and all it imports anew. */
  evaluate(file) {
    const evaluated = { exports: {} };
    const requireFrom = createRequire(pathToFileURL(join(this.#root, file)));
    return specTree(file, (words) => {
      globalThis[WORDS] = words;
      this.#scripts.get(file).runInThisContext()(requireFrom, evaluated, evaluated.exports);
    });
  }

  path(file) {
    return join(this.#root, file);
  }

  relative(path) {
    return relative(this.#root, path);
  }
}

const wordsOfJest = {
  name: 'words of Jest',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^@jest\/globals$/ }, ({ path }) => ({ path, namespace: 'words' }));
    onLoad({ filter: /./, namespace: 'words' }, () => ({
      contents: `module.exports = globalThis[Symbol.for(${JSON.stringify(WORDS.description)})];`,
    }));
  },
};

/** In one file, each module still finds what lies beside it. */
const places = {
  name: 'places',
  setup: ({ onLoad }) => {
    onLoad({ filter: /\/(test|lib)\/.*\.ts$/ }, async ({ path }) => {
      const contents = await readFile(path, 'utf8');
      const place = JSON.stringify(pathToFileURL(path).href);
      return { contents: contents.replaceAll('import.meta.url', place), loader: 'ts' };
    });
  },
};
