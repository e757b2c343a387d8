import type { Clock } from './clock.js';

/**
 * `error`: requests are answered 5xx until somebody mends it. `warn`: somebody should look, or a stranger may have caused
 * it. `log`: good to know.
 */
export type LogLevel = 'error' | 'warn' | 'log';

export type LogSink = (line: string, level: LogLevel) => void;

const WINDOW_MS = 600_000;
const LINES_PER_WINDOW = 200;

/**
 * Passes on what somebody must read, without letting a flood of requests flood the log: each line
 * once in ten minutes, and two hundred of them at most. A window later all may be said again, so
 * that nobody can use the lines up and silence those that come after.
 */
export class WarningLog {
  readonly #log: LogSink;
  readonly #clock: Clock;
  readonly #said = new Set<string>();
  #windowEnds = Number.NEGATIVE_INFINITY;

  constructor(log: LogSink, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  warn(line: string, level: LogLevel = 'warn'): void {
    const now = this.#clock.now();
    if (now >= this.#windowEnds) {
      this.#said.clear();
      this.#windowEnds = now + WINDOW_MS;
    }
    if (!this.#said.has(line) && this.#said.size < LINES_PER_WINDOW) {
      this.#said.add(line);
      this.#log(line, level);
    }
  }
}
