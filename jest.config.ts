/** @jest-config-loader esbuild-register */
import type { Config } from 'jest';

const config: Config = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test', '<rootDir>/sample'],
  setupFiles: ['reflect-metadata'],
  testMatch: ['**/*.spec.ts'],
  modulePathIgnorePatterns: ['<rootDir>/test/consumers/'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {
    '^nestjs-layercache$': '<rootDir>/lib/index.ts',
    '^nestjs-layercache/testing$': '<rootDir>/lib/testing/index.ts',
    '^@fastify/static$': '<rootDir>/test/support/no-static-files.cjs',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  transform: {
    '\\.ts$': [
      '@swc/jest',
      {
        swcrc: false,
        sourceMaps: 'inline',
        module: { type: 'es6' },
        jsc: {
          target: 'es2022',
          keepClassNames: true,
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
        },
      },
    ],
  },
  // A guard against hanging, not a measure of speed: a busy machine may take its time.
  testTimeout: 60_000,
  // The default leaves one core idle, which on a machine of two is half of it.
  maxWorkers: '100%',
  // Modules of files that are over stay in memory: near its limit, a worker does little but collect garbage.
  workerIdleMemoryLimit: '1.5GB',
  collectCoverage: true,
  collectCoverageFrom: ['lib/**/*.ts'],
  coverageProvider: 'babel',
  coverageReporters: ['text-summary', 'lcovonly', 'json-summary'],
  coverageThreshold: { global: { lines: 95, branches: 92 } },
};

export default config;
