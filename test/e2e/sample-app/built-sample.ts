import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';

export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A part of the sample app as `npm start` and `npm run demo` run it: the built files, in a process. */
export class BuiltSample {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  #stdout = '';
  #stderr = '';

  constructor(
    part: 'nest' | 'express' | 'demo',
    args: readonly string[] = [],
    environment: Readonly<Record<string, string>> = {},
  ) {
    const file = `.sample/${part}/main.js`;
    for (const built of ['dist/esm/index.js', file]) {
      if (!existsSync(built)) {
        throw new Error(`${built} is missing: npm run build && npm run build:sample`);
      }
    }
    this.child = spawn(process.execPath, [file, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, PORT: '0', EMULATOR_PORT: '0', ...environment },
    });
    this.child.stdout?.on('data', (chunk) => {
      this.#stdout += String(chunk);
    });
    this.child.stderr?.on('data', (chunk) => {
      this.#stderr += String(chunk);
    });
    this.ended = new Promise((resolve) => {
      this.child.once('close', (code, signal) =>
        resolve({ code, signal, stdout: this.#stdout, stderr: this.#stderr }),
      );
    });
  }

  /** The first group of `pattern` once it was printed. */
  printed(pattern: RegExp): Promise<string> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const [all, group = all] = pattern.exec(this.#stdout) ?? [];
        if (group !== undefined) resolve(group);
      };
      this.child.stdout?.on('data', look);
      void this.ended.then(() => reject(new Error(`It ended: ${this.#stdout}${this.#stderr}`)));
      look();
    });
  }
}
