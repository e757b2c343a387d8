import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { machine } from './machine.mjs';
import { HELP, readOptions } from './options.mjs';
import { isPinned, moveAway, WHY_NOT_PINNED } from './processes/placement.mjs';
import { filledPage } from './report/page.mjs';
import { partsOf, picturesOf } from './report/parts.mjs';
import { readResults, writeResults } from './results.mjs';
import { measureGrowth } from './sections/growth.mjs';
import { measureProfile } from './sections/profile.mjs';
import { measureStart } from './sections/start.mjs';
import { measureSteps } from './sections/steps.mjs';
import { measureThroughput } from './sections/throughput.mjs';

const SECTIONS = {
  throughput: measureThroughput,
  steps: measureSteps,
  growth: measureGrowth,
  start: measureStart,
  profile: measureProfile,
};
const PAGE = 'docs/performance.md';
const PICTURES = 'docs/images';

/** @param {string} line */
const tell = (line) => process.stderr.write(`${line}\n`);

/** @param {import('./options.mjs').Options} options */
async function run(options) {
  const results = readResults(options.json);
  if (options.runs) {
    if (!existsSync('dist/esm/index.js')) {
      throw new Error('There is no built package: run `npm run build` first.');
    }
    moveAway();
    if (!isPinned) {
      tell(WHY_NOT_PINNED);
    }
    const { rounds, seconds, connections } = options;
    const command = ['npm run bench', ...process.argv.slice(2)].join(' ');
    for (const section of options.sections) {
      const circumstances = { at: new Date().toISOString(), command, machine: machine() };
      const measured = await SECTIONS[section](options, tell);
      Object.assign(results, {
        [section]: { ...circumstances, rounds, seconds, connections, measured },
      });
      // Kept at once: a later section that fails loses nothing.
      writeResults(options.json, results);
    }
  }
  const parts = partsOf(results);
  for (const [name, part] of Object.entries(parts)) {
    process.stdout.write(`\n## ${name}\n\n${part}\n`);
  }
  if (options.writes) {
    writeFileSync(PAGE, filledPage(readFileSync(PAGE, 'utf8'), parts));
    mkdirSync(PICTURES, { recursive: true });
    for (const [file, picture] of Object.entries(picturesOf(results))) {
      writeFileSync(`${PICTURES}/${file}`, picture);
    }
  }
}

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => process.exit(130));
}
try {
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) {
    process.stdout.write(HELP);
  } else {
    await run(options);
  }
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
// What a failed section has left running ends with this process.
process.exit();
