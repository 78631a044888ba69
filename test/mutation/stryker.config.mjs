/** How Stryker is run; `run.mjs` adds the floor. */
export default {
  testRunner: 'specs',
  plugins: ['./test/mutation/spec-runner.mjs'],
  coverageAnalysis: 'perTest',
  concurrency: 1,
  ignorePatterns: ['**', '!lib/**', '!test/**', '!package.json', '!tsconfig.json', 'test/bench', 'test/consumers'],
  disableTypeChecks: false,
  timeoutMS: 12_000,
  timeoutFactor: 1,
  allowConsoleColors: false,
  warnings: { unknownOptions: false, slow: false },
};
