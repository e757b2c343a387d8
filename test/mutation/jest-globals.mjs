// In place of `@jest/globals`: Jest's own matchers, mocks, timers and tables over the suite of this round.
import { ModernFakeTimers } from '@jest/fake-timers';
import { bind } from 'jest-each';
import { ModuleMocker } from 'jest-mock';
import { suite } from './suite.mjs';

/** @typedef {import('./block.mjs').Work} Work */

export { expect } from 'expect';

const mocker = new ModuleMocker(globalThis);
/** @type {any} Of Jest's whole configuration the timers read this alone. */
const config = { fakeTimers: {}, rootDir: process.cwd(), testTimeout: 5_000 };
const timers = new ModernFakeTimers({ config, global: globalThis });

/** @param {any} title @param {() => void} declare */
const block = (title, declare) => suite().describe(String(title), declare);
/** @param {any} title @param {any} work @param {number} [limitMs] */
const test = (title, work, limitMs) => suite().it(String(title), work, limitMs);

export const describe = Object.assign(block, { each: bind(block, false) });
export const it = Object.assign(test, { each: bind(test, false), concurrent: test });
export const beforeAll = (/** @type {Work} */ work) => suite().hook('beforeAll', work);
export const beforeEach = (/** @type {Work} */ work) => suite().hook('beforeEach', work);
export const afterEach = (/** @type {Work} */ work) => suite().hook('afterEach', work);
export const afterAll = (/** @type {Work} */ work) => suite().hook('afterAll', work);

/** @param {Parameters<typeof timers.useFakeTimers>[0]} settings */
function useFakeTimers(settings) {
  if (!suite().isDeclaring) {
    timers.useFakeTimers(settings);
    return;
  }
  // At the top of a spec file it is for that file; here there are others.
  beforeAll(() => timers.useFakeTimers(settings));
  afterAll(() => timers.useRealTimers());
}

export const jest = {
  fn: mocker.fn.bind(mocker),
  spyOn: mocker.spyOn.bind(mocker),
  restoreAllMocks: mocker.restoreAllMocks.bind(mocker),
  useFakeTimers,
  useRealTimers: () => timers.useRealTimers(),
  setSystemTime: timers.setSystemTime.bind(timers),
  advanceTimersByTime: timers.advanceTimersByTime.bind(timers),
  getTimerCount: () => timers.getTimerCount(),
};
