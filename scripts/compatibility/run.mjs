import { execFile } from 'node:child_process';

/** @returns {Promise<string>} what it wrote. @throws with all that it wrote, if it ends with another code than 0. */
export function run(command, args, cwd) {
  return new Promise((resolve, reject) => {
    execFile(
      command,
      args,
      { cwd, timeout: 300_000, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (error === null) {
          resolve(stdout);
        } else {
          reject(
            new Error(`${command} ${args.join(' ')}\n${stdout}${stderr}`.trim(), { cause: error }),
          );
        }
      },
    );
  });
}

/** @returns {Promise<string>} as {@link run}, of this very Node. */
export function runNode(args, cwd) {
  return run(process.execPath, args, cwd);
}
