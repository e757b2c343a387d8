import type { CallName } from './call-name.js';

/** The newest requests that are kept; the counts go on. */
const KEPT = 1_000;

/** One request as it arrived. */
export interface LoggedRequest {
  /** ISO 8601, by the emulator's clock. */
  readonly at: string;
  readonly call: CallName;
  readonly method: string;
  /** As it was sent, with the query. */
  readonly path: string;
  /** Lower-case names; of `authorization` only the scheme is kept. */
  readonly headers: Readonly<Record<string, string>>;
  /** The parsed JSON, the text if it was none, undefined if there was no body. */
  readonly body: unknown;
  /** Undefined as long as nothing was answered. */
  readonly status?: number;
}

export interface EmulatorRequests {
  /** Oldest first, the newest 1,000; of one call if it is named. */
  all(call?: CallName): readonly LoggedRequest[];
  /** How many arrived since the start or the last `clear`; of one call if it is named. */
  count(call?: CallName): number;
  clear(): void;
}

export class RequestLog implements EmulatorRequests {
  #entries: LoggedRequest[] = [];
  readonly #counts = new Map<CallName, number>();
  readonly #changed: () => void;

  constructor(changed: () => void = () => undefined) {
    this.#changed = changed;
  }

  /** Returns how to say what was answered. */
  add(request: LoggedRequest): (status: number) => void {
    const entry: { status?: number } & LoggedRequest = { ...request };
    this.#entries.push(entry);
    if (this.#entries.length > 2 * KEPT) this.#entries = this.#entries.slice(-KEPT);
    this.#counts.set(request.call, this.count(request.call) + 1);
    this.#changed();
    return (status) => {
      entry.status = status;
      this.#changed();
    };
  }

  all(call?: CallName): readonly LoggedRequest[] {
    const kept = this.#entries.slice(-KEPT);
    return call === undefined ? kept : kept.filter((entry) => entry.call === call);
  }

  count(call?: CallName): number {
    if (call !== undefined) return this.#counts.get(call) ?? 0;
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  clear(): void {
    this.#entries = [];
    this.#counts.clear();
    this.#changed();
  }
}
