// Installs the packed package into small projects of others and uses it there: `npm run compatibility`, or a part of it
// with `npm run compatibility -- nest-11 express-4`. The results are kept in docs/compatibility.md.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installCompilers } from './compatibility/compilers.mjs';
import { CONSUMERS } from './compatibility/consumers.mjs';
import { packInto } from './compatibility/npm.mjs';
import { keepResult } from './compatibility/results-page.mjs';
import { tryConsumer } from './compatibility/try-consumer.mjs';

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => CONSUMERS.every((consumer) => consumer.name !== name));
if (unknown.length > 0) {
  console.error(`There is no ${unknown.join(', ')}. There are:`);
  console.error(CONSUMERS.map(({ name }) => name).join(', '));
  process.exit(1);
}

const folder = mkdtempSync(join(tmpdir(), 'authsignal-guard-compatibility-'));
try {
  const tarball = await packInto(folder);
  const compilers = await installCompilers(folder);
  const results = [];
  for (const consumer of CONSUMERS) {
    if (asked.length === 0 || asked.includes(consumer.name)) {
      const result = await tryConsumer(consumer, { folder, tarball, compilers });
      keepResult(result);
      results.push(result);
    }
  }
  process.exitCode = results.every(({ failures }) => failures.length === 0) ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
