import { inspect } from 'node:util';
import { expect } from '@jest/globals';
import type { StepUpEvent } from 'authsignal-guard';

type Sink = 'log' | 'info' | 'warn' | 'error' | 'debug';
const SINKS: readonly Sink[] = ['log', 'info', 'warn', 'error', 'debug'];

/** Everything that the hosts of one suite told somebody, and everything that must not be in it. */
export class Ledger {
  readonly events: StepUpEvent[] = [];
  readonly lines: string[] = [];
  readonly answers: string[] = [];
  readonly #awaited: { readonly type: string; readonly arrived: () => void }[] = [];
  readonly #tokens = new Set<string>();
  readonly #words = new Set<string>();

  /** A `LoggerService` of Nest's. */
  readonly logger = Object.freeze({
    log: (...parts: unknown[]) => this.write(...parts),
    warn: (...parts: unknown[]) => this.write(...parts),
    error: (...parts: unknown[]) => this.write(...parts),
    debug: (...parts: unknown[]) => this.write(...parts),
    verbose: (...parts: unknown[]) => this.write(...parts),
    fatal: (...parts: unknown[]) => this.write(...parts),
  });

  write(...parts: unknown[]): void {
    this.lines.push(parts.map((part) => textOf(part)).join(' '));
  }

  report(event: StepUpEvent): void {
    this.events.push(event);
    for (const { type, arrived } of this.#awaited) {
      if (type === event.type) {
        arrived();
      }
    }
  }

  /** The next event of this type. */
  next(type: StepUpEvent['type']): Promise<void> {
    return new Promise((arrived) => {
      this.#awaited.push({ type, arrived });
    });
  }

  /** A token: it may go to its client, and nowhere else. */
  token(token: string): void {
    this.#tokens.add(token);
  }

  /** A secret, a number or a code: it may go nowhere at all. */
  secret(word: string): void {
    this.#words.add(word);
  }

  /** Takes what is written to the console and to both streams until the returned function is called. */
  capture(): () => void {
    const originals = SINKS.map((sink) => [sink, console[sink]] as const);
    const streams = [process.stdout, process.stderr];
    const writes = streams.map((stream) => [stream, stream.write] as const);
    for (const sink of SINKS) {
      console[sink] = (...parts: unknown[]) => this.write(...parts);
    }
    for (const stream of streams) {
      stream.write = (chunk: string | Uint8Array) => {
        this.write(String(chunk));
        return true;
      };
    }
    return () => {
      for (const [stream, write] of writes) {
        stream.write = write;
      }
      for (const [sink, original] of originals) {
        console[sink] = original;
      }
    };
  }

  expectNothingLeaked(): void {
    const told = [...this.lines, ...this.events.map((event) => JSON.stringify(event))].join('\n');
    const answered = this.answers.join('\n');
    expect(this.events.length).toBeGreaterThan(0);
    expect(this.#words.size).toBeGreaterThan(0);
    expect([...this.#tokens].filter((token) => told.includes(token))).toEqual([]);
    const holds = (text: string) => (word: string) => standsIn(text, word);
    expect([...this.#words].filter(holds(told))).toEqual([]);
    expect([...this.#words].filter(holds(answered))).toEqual([]);
  }
}

function textOf(part: unknown): string {
  if (typeof part === 'string') {
    return part;
  }
  const json = part instanceof Error ? JSON.stringify(part) : '';
  return `${inspect(part, { depth: 8, showHidden: true })} ${json}`;
}

/** As a word of its own: six digits of a code may well be a part of something random. */
function standsIn(text: string, word: string): boolean {
  const escaped = word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<!\\w)${escaped}(?!\\w)`).test(text);
}
