// A test runner for Stryker that loads the specs once and then runs, for each mutant, the tests that meet it: in
// Jest's ESM mode each mutant would load everything anew, and all of them would take hours.
import { readFileSync } from 'node:fs';
import { register } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { declareFactoryPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import {
  DryRunStatus,
  determineHitLimitReached,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner';
import { isCounted, isRun, SPEC_FILES } from './spec-files.mjs';

/** @typedef {import('@stryker-mutator/api/test-runner').TestRunner} TestRunner */
/** @typedef {import('@stryker-mutator/api/test-runner').TestResult} TestResult */
/** @typedef {import('./suite.mjs').Suite} Suite */

/** @implements {TestRunner} */
class OneProcessRunner {
  /** @type {Suite | undefined} */
  #loaded;
  #rounds = 0;
  /** @type {import('./attribution.mjs').Stryker} */
  #stryker = {};

  capabilities() {
    return { reloadEnvironment: true };
  }

  async init() {
    register(ours('module-hooks.mjs'));
    // A mutant may throw where nobody listens; the process must outlive it.
    process.on('uncaughtException', () => undefined);
    Reflect.set(globalThis, '__stryker__', this.#stryker);
  }

  /** @returns {Promise<import('@stryker-mutator/api/test-runner').DryRunResult>} */
  async dryRun() {
    const suite = await this.#load();
    const { Attribution } = await this.#import('attribution.mjs');
    const attribution = new Attribution(this.#stryker, isRun);
    const outcomes = await suite.run({ wanted: isRun, watch: attribution });
    const tests = outcomes.map(resultOf);
    return { status: DryRunStatus.Complete, tests, mutantCoverage: attribution.coverage() };
  }

  /** @param {import('@stryker-mutator/api/test-runner').MutantRunOptions} options */
  async mutantRun(options) {
    const { activeMutant, testFilter, hitLimit, mutantActivation, disableBail } = options;
    const { sandboxFileName } = options;
    const isStatic = mutantActivation === 'static';
    this.#loaded = isStatic ? undefined : this.#loaded;
    this.#stryker.activeMutant = isStatic ? activeMutant.id : undefined;
    this.#stryker.currentTestId = undefined;
    this.#stryker.hitCount = hitLimit === undefined ? undefined : 0;
    this.#stryker.hitLimit = hitLimit;
    try {
      const tests = await this.#runWith(activeMutant, testFilter, !disableBail);
      const { hitCount } = this.#stryker;
      const endless = determineHitLimitReached(hitCount, hitLimit);
      return toMutantRunResult(endless ?? { status: DryRunStatus.Complete, tests }, disableBail);
    } finally {
      this.#stryker.activeMutant = undefined;
      this.#loaded = isStatic || keepsState(sandboxFileName) ? undefined : this.#loaded;
    }
  }

  /**
   * @param {import('@stryker-mutator/api/core').Mutant} mutant
   * @param {readonly string[] | undefined} ids
   * @param {boolean} bail
   */
  async #runWith(mutant, ids, bail) {
    const chosen = ids && new Set(ids);
    try {
      const suite = await this.#load();
      this.#stryker.activeMutant = mutant.id;
      const outcomes = await suite.run({
        wanted: (test) =>
          (chosen?.has(test.id) ?? isRun(test)) && isCounted(test.file, mutant.fileName),
        bail,
      });
      return outcomes.map(resultOf);
    } catch (error) {
      // The specs cannot even be loaded with it.
      const failure = error instanceof Error ? (error.stack ?? error.message) : String(error);
      return [resultOf({ id: 'loading the specs', file: '', failure, ms: 0 })];
    }
  }

  /** @returns {Promise<Suite>} */
  async #load() {
    if (this.#loaded !== undefined) {
      return this.#loaded;
    }
    const { newSuite } = await this.#import('suite.mjs');
    const suite = newSuite();
    this.#rounds += 1;
    for (const file of SPEC_FILES) {
      const url = `${pathToFileURL(resolve(file)).href}?round=${this.#rounds}`;
      await suite.file(file, () => import(url));
    }
    this.#loaded = suite;
    return suite;
  }

  /** @param {string} name @returns {Promise<any>} */
  #import(name) {
    return import(ours(name));
  }
}

/** Stryker works in a copy of the project; what the specs share with us is of that copy. @param {string} name */
const ours = (name) => pathToFileURL(resolve('test/mutation', name)).href;

/** Whether a mutant may leave something behind in its module, for the next one to fall over. @param {string} file */
const keepsState = (file) => /^let /m.test(readFileSync(file, 'utf8'));

/** @param {import('./running.mjs').Outcome} outcome @returns {TestResult} */
function resultOf({ id, file, failure, ms }) {
  const test = { id, name: id, fileName: resolve(file), timeSpentMs: Math.ceil(ms) };
  return failure === undefined
    ? { ...test, status: TestStatus.Success }
    : { ...test, status: TestStatus.Failed, failureMessage: failure };
}

const create = Object.assign(() => new OneProcessRunner(), {
  inject: /** @type {const} */ ([]),
});

export const strykerPlugins = [declareFactoryPlugin(PluginKind.TestRunner, 'one-process', create)];
