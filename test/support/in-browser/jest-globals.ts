import { bind } from 'jest-each';
import { ModuleMocker } from 'jest-mock';
import { Runner } from './runner.js';

// In place of `@jest/globals` on a page: Jest's own matchers, mocks and tables over a runner of ours.
export { expect } from 'expect';

const runner = new Runner();
const mocker = new ModuleMocker(globalThis);

export const { describe, beforeEach, afterEach } = runner;
export const it = Object.assign(runner.it, { each: bind(runner.it, false) });
export const jest = {
  fn: mocker.fn.bind(mocker),
  spyOn: mocker.spyOn.bind(mocker),
  restoreAllMocks: mocker.restoreAllMocks.bind(mocker),
};
export const run = runner.run.bind(runner);
