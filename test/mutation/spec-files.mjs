import { readdirSync } from 'node:fs';

const UNIT = ['core', 'whatsapp', 'replay', 'authsignal', 'opentelemetry'].map(
  (part) => `test/unit/${part}`,
);
const FLOWS = 'test/e2e/whatsapp';

/** The specs that are run: all that need neither a browser nor a process of their own. */
export const SPEC_FILES = [...UNIT, FLOWS].flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.spec.ts'))
    .map((name) => `${folder}/${name}`)
    // It counts what four platforms say.
    .filter((file) => file !== `${FLOWS}/leaks.spec.ts`),
);

/**
 * The flows' stories over HTTP count for the flows alone: the gate's own unit tests must hold the gate.
 *
 * @param {string} spec
 * @param {string} source
 */
export const isCounted = (spec, source) =>
  !spec.startsWith(FLOWS) || source.includes('src/whatsapp/');

/** Not the one that loads a module twice by a means of Jest. @param {{ id: string }} test */
export const isRun = ({ id }) =>
  !id.endsWith('StepUpError is known across copies of the package, and nothing else is');
