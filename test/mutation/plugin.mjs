// A test runner for Stryker that loads the specs once and then runs, for each mutant, the tests that meet it: in
// Jest's ESM mode each mutant would load everything anew, and all of them would take hours.
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
import { countsFor, LEFT_OUT, SPEC_FILES } from './spec-files.mjs';

class OneProcessRunner {
  #newSuite;
  #suite;
  #round = 0;
  #stryker;

  capabilities() {
    return { reloadEnvironment: true };
  }

  async init() {
    // Stryker works in a copy of the project: the specs' suite is the one of that copy.
    register(pathToFileURL(resolve('test/mutation/module-hooks.mjs')));
    ({ newSuite: this.#newSuite } = await import(
      pathToFileURL(resolve('test/mutation/suite.mjs')).href
    ));
    // A mutant may throw where nobody listens; the process must outlive it.
    process.on('uncaughtException', () => undefined);
    globalThis.__stryker__ ??= {};
    this.#stryker = globalThis.__stryker__;
  }

  async dryRun() {
    await this.#load();
    const attribution = new Attribution(this.#stryker);
    const outcomes = await this.#suite.run({
      wanted: ({ id }) => !id.endsWith(LEFT_OUT),
      watch: attribution,
    });
    return {
      status: DryRunStatus.Complete,
      tests: outcomes.map(resultOf),
      mutantCoverage: attribution.coverage(),
    };
  }

  async mutantRun({ activeMutant, testFilter, hitLimit, mutantActivation, disableBail }) {
    const isStatic = mutantActivation === 'static';
    this.#stryker.activeMutant = undefined;
    if (isStatic) {
      this.#suite = undefined;
      this.#stryker.activeMutant = activeMutant.id;
    }
    this.#stryker.currentTestId = undefined;
    this.#stryker.hitCount = hitLimit === undefined ? undefined : 0;
    this.#stryker.hitLimit = hitLimit;
    try {
      await this.#load();
      this.#stryker.activeMutant = activeMutant.id;
      const wanted = testFilter && new Set(testFilter);
      const outcomes = await this.#suite.run({
        wanted: ({ id, file }) =>
          (wanted?.has(id) ?? !id.endsWith(LEFT_OUT)) && countsFor(file, activeMutant.fileName),
        bail: !disableBail,
      });
      const result = determineHitLimitReached(this.#stryker.hitCount, this.#stryker.hitLimit) ?? {
        status: DryRunStatus.Complete,
        tests: outcomes.map(resultOf),
      };
      return toMutantRunResult(result, disableBail);
    } catch (error) {
      // The specs cannot even be loaded with it.
      const failureMessage = error instanceof Error ? (error.stack ?? error.message) : `${error}`;
      const id = 'loading the specs';
      const tests = [{ id, name: id, timeSpentMs: 0, status: TestStatus.Failed, failureMessage }];
      return toMutantRunResult({ status: DryRunStatus.Complete, tests });
    } finally {
      this.#stryker.activeMutant = undefined;
      if (isStatic) {
        this.#suite = undefined;
      }
    }
  }

  async #load() {
    if (this.#suite !== undefined) {
      return;
    }
    const suite = this.#newSuite();
    this.#round += 1;
    for (const file of SPEC_FILES) {
      const url = `${pathToFileURL(resolve(file)).href}?round=${this.#round}`;
      await suite.file(file, () => import(url));
    }
    this.#suite = suite;
  }
}

/** Which test meets which mutant; what a block's `beforeAll` meets, each test of the block does. */
class Attribution {
  #stryker;
  #blocks = new Map();

  constructor(stryker) {
    this.#stryker = stryker;
  }

  enter(part) {
    this.#stryker.currentTestId = part.id ?? this.#blockId(part);
  }

  leave() {
    this.#stryker.currentTestId = undefined;
  }

  coverage() {
    const { static: atLoading = {}, perTest = {} } = this.#stryker.mutantCoverage ?? {};
    for (const [block, blockId] of this.#blocks) {
      for (const test of block.tests.filter(({ id }) => !id.endsWith(LEFT_OUT))) {
        perTest[test.id] ??= {};
        for (const [mutant, count] of Object.entries(perTest[blockId] ?? {})) {
          perTest[test.id][mutant] = (perTest[test.id][mutant] ?? 0) + count;
        }
      }
      delete perTest[blockId];
    }
    return { static: atLoading, perTest };
  }

  #blockId(block) {
    const id = this.#blocks.get(block) ?? `block ${this.#blocks.size}`;
    this.#blocks.set(block, id);
    return id;
  }
}

function resultOf({ id, file, failure, ms }) {
  const test = { id, name: id, fileName: resolve(file), timeSpentMs: Math.ceil(ms) };
  return failure === undefined
    ? { ...test, status: TestStatus.Success }
    : { ...test, status: TestStatus.Failed, failureMessage: failure };
}

const create = () => new OneProcessRunner();
create.inject = [];

export const strykerPlugins = [declareFactoryPlugin(PluginKind.TestRunner, 'one-process', create)];
