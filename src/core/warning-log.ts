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
 * once in ten minutes, and two hundred of each level at most, so that what a stranger may have caused leaves room for
 * what must be mended. A window later all may be said again.
 */
export class WarningLog {
  readonly #log: LogSink;
  readonly #clock: Clock;
  readonly #said: Readonly<Record<LogLevel, Set<string>>> = {
    error: new Set(),
    warn: new Set(),
    log: new Set(),
  };
  #windowEnds = Number.NEGATIVE_INFINITY;

  constructor(log: LogSink, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
  }

  warn(line: string, level: LogLevel = 'warn'): void {
    const now = this.#clock.now();
    if (now >= this.#windowEnds) {
      for (const lines of Object.values(this.#said)) {
        lines.clear();
      }
      this.#windowEnds = now + WINDOW_MS;
    }
    const said = this.#said[level];
    if (!said.has(line) && said.size < LINES_PER_WINDOW) {
      said.add(line);
      this.#log(line, level);
    }
  }
}
