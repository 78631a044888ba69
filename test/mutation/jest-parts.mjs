import { createRequire } from 'node:module';

// What Jest is made of is reached through Jest, whose parts they are.
const ofGlobals = createRequire(createRequire(import.meta.url).resolve('@jest/globals'));
const ofEnvironment = createRequire(ofGlobals.resolve('@jest/environment'));
const { jestExpect } = ofGlobals('@jest/expect');
const { ModuleMocker } = ofGlobals('jest-mock');
const { ModernFakeTimers } = ofEnvironment('@jest/fake-timers');

const mocker = new ModuleMocker(globalThis);
const timers = new ModernFakeTimers({ config: { fakeTimers: {}, rootDir: process.cwd() }, global: globalThis });

export const expect = jestExpect;

export const jest = {
  fn: mocker.fn.bind(mocker),
  spyOn: mocker.spyOn.bind(mocker),
  restoreAllMocks: () => mocker.restoreAllMocks(),
  useFakeTimers: (options) => timers.useFakeTimers(options),
  useRealTimers: () => timers.useRealTimers(),
  advanceTimersByTime: (milliseconds) => timers.advanceTimersByTime(milliseconds),
  getTimerCount: () => timers.getTimerCount(),
};

/** As Jest leaves a file. */
export function restore() {
  mocker.restoreAllMocks();
  timers.useRealTimers();
}
