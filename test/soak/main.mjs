import { existsSync } from 'node:fs';
import { figures } from './figures.mjs';
import { HELP, readOptions } from './options.mjs';

/** @param {string} line */
const tell = (line) => process.stderr.write(`${line}\n`);

try {
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) {
    process.stdout.write(HELP);
  } else if (!existsSync('dist/esm/index.js')) {
    throw new Error('There is no built package: run `npm run build` first.');
  } else if (globalThis.gc === undefined) {
    throw new Error('Run it with `node --expose-gc`, as `npm run soak` does.');
  } else {
    // The gate's log lines are many and meant for a person; they are none of the figures.
    console.error = () => undefined;
    const { soak } = await import('./soak.mjs');
    const result = await soak(options, tell);
    process.stdout.write(`${figures(result, options)}\n`);
    process.exitCode = result.tally.violations.length === 0 ? 0 : 1;
  }
} catch (error) {
  process.stderr.write(
    `soak: ${error instanceof Error ? (error.stack ?? error.message) : error}\n`,
  );
  process.exitCode = 1;
}
