import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformFile } from '@swc/core';
import { build, type Plugin } from 'esbuild';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Nest injects by the types of parameters, which esbuild does not write down. */
const parameterTypes: Plugin = {
  name: 'parameter-types',
  setup: (bundle) => {
    bundle.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const { code } = await transformFile(path, {
        swcrc: false,
        configFile: false,
        sourceMaps: 'inline',
        module: { type: 'es6' },
        jsc: {
          target: 'es2022',
          keepClassNames: true,
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
        },
      });
      return { contents: code, loader: 'js' };
    });
  },
};

/** The storefront of the other sample in one file, made of the sources as they are now: tests run before anything is built. */
export class StorefrontProgram {
  readonly path: string;
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
    this.path = join(folder, 'main.mjs');
  }

  static async make(): Promise<StorefrontProgram> {
    // Below the project, so that it finds the packages.
    const cache = join(ROOT, 'node_modules/.cache');
    await mkdir(cache, { recursive: true });
    const program = new StorefrontProgram(await mkdtemp(join(cache, 'storefront-')));
    await build({
      entryPoints: [join(ROOT, 'sample/01-storefront/src/main.ts')],
      outfile: program.path,
      tsconfig: join(ROOT, 'tsconfig.json'),
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      packages: 'external',
      keepNames: true,
      sourcemap: 'inline',
      plugins: [parameterTypes],
    });
    return program;
  }

  async remove(): Promise<void> {
    await rm(this.#folder, { recursive: true });
  }
}
