// In place of `@jest/globals`: Jest's own matchers, mocks, timers and tables over the suite of this round.
import { ModernFakeTimers } from '@jest/fake-timers';
import { bind } from 'jest-each';
import { ModuleMocker } from 'jest-mock';
import { suite } from './suite.mjs';

export { expect } from 'expect';

const mocker = new ModuleMocker(globalThis);
const timers = new ModernFakeTimers({
  config: { fakeTimers: {}, rootDir: process.cwd(), testTimeout: 5000 },
  global: globalThis,
});

const block = (title, declare) => suite().describe(title, declare);
const test = (title, work, limitMs) => suite().it(title, work, limitMs);

export const describe = Object.assign(block, { each: bind(block, false) });
export const it = Object.assign(test, { each: bind(test, false), concurrent: test });
export const beforeAll = (work) => suite().hook('beforeAll', work);
export const beforeEach = (work) => suite().hook('beforeEach', work);
export const afterEach = (work) => suite().hook('afterEach', work);
export const afterAll = (work) => suite().hook('afterAll', work);

export const jest = {
  fn: mocker.fn.bind(mocker),
  spyOn: mocker.spyOn.bind(mocker),
  restoreAllMocks: mocker.restoreAllMocks.bind(mocker),
  useFakeTimers: (config) => {
    if (!suite().isDeclaring) {
      timers.useFakeTimers(config);
      return;
    }
    // At the top of a spec file it is for that file; here there are others.
    beforeAll(() => timers.useFakeTimers(config));
    afterAll(() => timers.useRealTimers());
  },
  useRealTimers: () => timers.useRealTimers(),
  setSystemTime: (now) => timers.setSystemTime(now),
  advanceTimersByTime: (ms) => timers.advanceTimersByTime(ms),
  getTimerCount: () => timers.getTimerCount(),
  setTimeout: () => undefined,
  resetModules: () => undefined,
};
