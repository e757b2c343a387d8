// One source, two formats: the ESM files serve `import` and, through `module-sync`, `require` on
// Node >= 20.19; the CommonJS files serve loaders that know neither (Jest in CommonJS mode).
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { embedPages } from './embed-pages.mjs';

const tsc = 'node_modules/typescript/bin/tsc';

embedPages();
rmSync('dist', { recursive: true, force: true });
for (const format of ['esm', 'cjs']) {
  execFileSync(process.execPath, [tsc, '-p', `tsconfig.build.${format}.json`], {
    stdio: 'inherit',
  });
}
writeFileSync('dist/cjs/package.json', '{"type":"commonjs"}\n');
