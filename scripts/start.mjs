// Builds the library and the sample app, then runs a part of the latter: nest, express or demo.
import { execFileSync } from 'node:child_process';

const [part] = process.argv.splice(2, 1);
if (!['nest', 'express', 'demo'].includes(part)) {
  console.error('Say what to start: nest, express or demo.');
  process.exit(1);
}

console.log('Building the library and the sample app ...');
for (const build of [
  ['scripts/build.mjs'],
  ['node_modules/@nestjs/cli/bin/nest.js', 'build', 'sample-app'],
]) {
  execFileSync(process.execPath, build, { stdio: 'inherit' });
}

// In this very process: signals come straight to it.
await import(`../.sample/${part}/main.js`);
