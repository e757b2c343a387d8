import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Emulator } from 'authsignal-guard/emulator';

const DIST = 'dist/esm/emulator/index.js';

export interface Change {
  readonly kind: string;
  readonly name: string;
  readonly default: unknown;
  readonly set: unknown;
  readonly seen: readonly { readonly id: string; readonly fits: unknown }[];
}

export interface ReportedQuestion {
  readonly id: string;
  readonly section: string;
  readonly costs: string | null;
  readonly result: string;
  readonly reason: string | null;
  readonly observed: readonly string[];
  readonly emulator: { readonly kind: string; readonly name: string; readonly default: unknown };
  readonly fits: unknown;
}

export interface Report {
  readonly questions: readonly ReportedQuestion[];
  readonly changes: readonly Change[];
  readonly counts: {
    readonly questions: number;
    readonly matches: number;
    readonly differs: number;
    readonly notAsked: number;
    readonly couldNotBeAsked: number;
  };
  readonly messages: number;
  readonly requests: number;
  readonly usersLeft: readonly string[];
  readonly brokenOff: string;
}

/** The command as a process of its own, as somebody would start it. */
export class CheckCommand {
  readonly child: ChildProcess;
  readonly exited: Promise<number | null>;
  stdout = '';
  stderr = '';

  constructor(args: readonly string[], environment: Readonly<Record<string, string>>) {
    if (!existsSync(DIST)) throw new Error(`${DIST} is missing: run "npm run build" first.`);
    this.child = spawn(process.execPath, ['scripts/check-authsignal/main.mjs', ...args], {
      env: environment,
      stdio: 'pipe',
    });
    this.child.stdout?.on('data', (chunk) => {
      this.stdout += String(chunk);
    });
    this.child.stderr?.on('data', (chunk) => {
      this.stderr += String(chunk);
    });
    this.exited = new Promise((resolve) => {
      this.child.once('close', resolve);
    });
  }

  /** Calls `then` each time that `text` is printed on stderr. */
  whenPrinted(text: string, then: () => void): this {
    this.child.stderr?.on('data', (chunk) => {
      if (String(chunk).includes(text)) then();
    });
    return this;
  }

  type(line: string): void {
    this.child.stdin?.write(`${line}\n`);
  }

  async report(): Promise<Report> {
    await this.exited;
    return JSON.parse(this.stdout);
  }

  result(report: Report, id: string): ReportedQuestion {
    const question = report.questions.find((candidate) => candidate.id === id);
    if (question === undefined) throw new Error(`There is no question ${id}.`);
    return question;
  }
}

export function keysOf(emulator: Emulator): Record<string, string> {
  return {
    AUTHSIGNAL_SECRET: emulator.secret,
    AUTHSIGNAL_URL: emulator.apiUrl,
    AUTHSIGNAL_TENANT: emulator.tenantId,
  };
}

/** What must not be read in anything that was printed, if it can be. */
export function leaksOf(command: CheckCommand, emulator: Emulator): string[] {
  const printed = command.stdout + command.stderr;
  const messages = emulator.inbox.messages();
  const secrets = [
    emulator.secret,
    Buffer.from(`${emulator.secret}:`).toString('base64').replace(/=+$/, ''),
    'eyJ',
    ...messages.map(({ to }) => to.replace('+', '')).filter((digits) => digits.length > 6),
  ];
  const codes = messages.map(({ code }) => code);
  return [
    ...secrets.filter((secret) => printed.includes(secret)),
    ...codes.filter((code) => new RegExp(`\\b${code}\\b`).test(printed)),
  ];
}
