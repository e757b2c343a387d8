import { askAll } from './ask-all.mjs';
import { inboxCodes, typedCodes } from './codes.mjs';
import { HELP, readKeys, readOptions } from './command-line.mjs';
import { emulatorDefaults } from './emulator-defaults.mjs';
import { BrokenOff, Refusal } from './endings.mjs';
import { EXIT } from './exit-code.mjs';
import { Redactor } from './redactor.mjs';
import { countsOf, findingText, reportJson, summaryText } from './report.mjs';
import { Run } from './run.mjs';
import { Service } from './service.mjs';

/** @typedef {import('./ask-all.mjs').Finding} Finding */

/**
 * @param {import('./command-line.mjs').Options} options
 * @param {import('./command-line.mjs').Keys} keys
 * @returns {Promise<number>} the exit code
 */
async function check(options, keys) {
  const service = new Service(keys, options.timeoutMs);
  const redactor = new Redactor(keys.secret);
  const codes = codesOf(options);
  const run = new Run({ service, options, keys, codes, redactor });
  const interrupt = () => {
    service.interrupt();
    codes?.close();
  };
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  /** @type {Finding[]} */
  const findings = [];
  try {
    const brokenOff = await ask(run, (finding) => {
      findings.push(finding);
      if (!options.json) process.stdout.write(findingText(finding));
    });
    const usersLeft = await run.users.deleteAll();
    const { requests } = service;
    const tally = { messages: run.messages.total, requests, usersLeft, brokenOff };
    process.stdout.write((options.json ? reportJson : summaryText)(findings, tally));
    if (brokenOff !== '') process.stderr.write(`check:authsignal: ${brokenOff}\n`);
    return exitCode(findings, tally);
  } finally {
    codes?.close();
    await service.close();
  }
}

/**
 * @param {Run} run
 * @param {(finding: Finding) => void} found
 * @returns {Promise<string>} why it ended early; empty if it did not
 */
async function ask(run, found) {
  try {
    const defaults = await emulatorDefaults();
    await run.checkKeys();
    await askAll(run, defaults, found);
    return '';
  } catch (error) {
    if (error instanceof Refusal) throw error;
    // What broke must not keep the users from being deleted.
    const sentence = error instanceof Error ? error.message : String(error);
    return run.redactor.clean(error instanceof BrokenOff ? sentence : `It failed: ${sentence}`);
  }
}

/**
 * @param {import('./command-line.mjs').Options} options
 * @returns {import('./codes.mjs').Codes | undefined}
 */
function codesOf({ codesFrom, typesCodes }) {
  if (codesFrom !== undefined) return inboxCodes(codesFrom);
  return typesCodes ? typedCodes() : undefined;
}

/**
 * @param {readonly Finding[]} findings
 * @param {import('./report.mjs').Tally} tally
 */
function exitCode(findings, { brokenOff, usersLeft }) {
  const { differs, couldNotBeAsked } = countsOf(findings);
  if (brokenOff !== '' || usersLeft.length > 0 || couldNotBeAsked > 0) return EXIT.error;
  return differs > 0 ? EXIT.differs : EXIT.same;
}

async function main() {
  const options = readOptions(process.argv.slice(2));
  if (options === 'help') {
    process.stdout.write(HELP);
    return EXIT.same;
  }
  return check(options, readKeys(process.env));
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    const sentence = error instanceof Error ? error.message : String(error);
    process.stderr.write(`check:authsignal: ${sentence}\n`);
    process.exitCode = error instanceof Refusal ? EXIT.refused : EXIT.error;
  },
);
