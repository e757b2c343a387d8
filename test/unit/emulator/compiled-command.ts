import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { transformFileSync } from '@swc/core';

/** The command as plain JavaScript beside `node_modules`: a child process has no TypeScript loader. */
export class CompiledCommand {
  readonly #folder: string;

  constructor() {
    mkdirSync('reports', { recursive: true });
    this.#folder = mkdtempSync(join('reports', 'emulator-'));
    const sources = readdirSync('src/emulator', { recursive: true, encoding: 'utf8' });
    for (const source of sources.filter((name) => name.endsWith('.ts'))) {
      const { code } = transformFileSync(join('src/emulator', source), {
        swcrc: false,
        jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
        module: { type: 'es6' },
      });
      const target = join(this.#folder, source.replace(/\.ts$/, '.js'));
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, code);
    }
  }

  run(...args: string[]): RunningCommand {
    return new RunningCommand(
      spawn(process.execPath, [join(this.#folder, 'command.js'), ...args], {
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    );
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

export class RunningCommand {
  readonly child: ChildProcess;
  readonly exited: Promise<{ code: number | null; signal: string | null }>;
  stdout = '';
  stderr = '';

  constructor(child: ChildProcess) {
    this.child = child;
    child.stdout?.on('data', (chunk) => {
      this.stdout += String(chunk);
    });
    child.stderr?.on('data', (chunk) => {
      this.stderr += String(chunk);
    });
    this.exited = new Promise((resolve) => {
      child.once('close', (code, signal) => resolve({ code, signal }));
    });
  }

  /** Resolves to the first group of `pattern` once it was printed; rejects if the command ends before. */
  printed(pattern: RegExp): Promise<string> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = pattern.exec(this.stdout);
        if (found !== null) resolve(found[1] ?? found[0]);
      };
      this.child.stdout?.on('data', look);
      void this.exited.then(() => reject(new Error(`It ended: ${this.stdout}${this.stderr}`)));
      look();
    });
  }

  apiUrl(): Promise<string> {
    return this.printed(/url +(http:\S+\/v1)\n/);
  }
}
