import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** What `jest --json` writes, as far as it is read here. */
interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly { readonly fullName: string }[];
  }[];
}

/** The full names of the tests that Jest itself finds in a spec file: it loads the file and runs none of them. */
export async function declaredTests(
  files: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      ...['--experimental-vm-modules', '--no-warnings=ExperimentalWarning'],
      ...['node_modules/jest/bin/jest.js', '--json', '--runInBand', '--testNamePattern=(?!)'],
      ...files,
    ],
    { maxBuffer: 64 * 1024 * 1024 },
  );
  const { testResults }: Report = JSON.parse(stdout);
  return new Map(
    files.map((file) => {
      const found = testResults.find(({ name }) => name.endsWith(`/${file}`));
      return [file, (found?.assertionResults ?? []).map(({ fullName }) => fullName)];
    }),
  );
}
