// Server code has no `window` and pages have no `process`: each part is checked with its own settings.
import { spawnSync } from 'node:child_process';

const PARTS = [
  'tsconfig.json',
  'test/tsconfig.json',
  'scripts/check-authsignal/tsconfig.json',
  'src/emulator/pages/tsconfig.json',
  'sample-app/web/tsconfig.json',
  'test/e2e/browser/page/tsconfig.json',
  'test/bench/tsconfig.json',
  'test/soak/tsconfig.json',
  'test/mutation/tsconfig.json',
];

const statuses = PARTS.map(
  (part) =>
    spawnSync(
      process.execPath,
      ['node_modules/typescript-native/bin/tsc', '-p', part, '--noEmit'],
      { stdio: 'inherit' },
    ).status,
);
process.exitCode = statuses.every((status) => status === 0) ? 0 : 1;
