import type { CallName } from './call-name.js';

/** Which requests a fault is for; what is left out matches everything but CORS preflights. */
export interface FaultMatch {
  readonly call?: CallName | readonly CallName[];
  readonly method?: string;
  /** The path as it was sent, with `/v1`, without the query. */
  readonly path?: string | RegExp;
}

/** What goes wrong; the table in `docs/emulator.md` says what each does. */
export type FaultKind =
  | 'latency'
  | 'hang'
  | 'reset-before'
  | 'reset-after'
  | 'truncated'
  | 'slow-body'
  | 'status'
  | 'html'
  | 'empty'
  | 'malformed-json'
  | 'missing-fields'
  | 'wrong-types'
  | 'redirect'
  | 'huge';

export interface Fault {
  readonly kind: FaultKind;
  readonly match?: FaultMatch;
  /** For how many requests; then it is gone. Default: until it is removed. */
  readonly times?: number;
  /** Real time to wait before anything else. Default: 1,000 for `latency`, else 0. */
  readonly delayMs?: number;
  /** Whether the request is carried out (state changed, message sent) all the same. */
  readonly process?: boolean;
  readonly status?: number;
  /** Instead of the kind's own body; an object is written as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** For `missing-fields` and `wrong-types`. Default: every field of the answer. */
  readonly fields?: readonly string[];
  /** For `huge`. Default: 16 MiB. */
  readonly sizeBytes?: number;
}

export interface EmulatorFaults {
  /** From now on; of several that match, the one that was added first is taken. Returns its removal. */
  add(fault: Fault): () => void;
  clear(): void;
}

export interface FaultedRequest {
  readonly call: CallName;
  readonly method: string;
  readonly path: string;
}

export class Faults implements EmulatorFaults {
  #entries: { readonly fault: Fault; left: number }[] = [];

  add(fault: Fault): () => void {
    const entry = { fault, left: fault.times ?? Number.POSITIVE_INFINITY };
    this.#entries.push(entry);
    return () => {
      this.#entries = this.#entries.filter((other) => other !== entry);
    };
  }

  clear(): void {
    this.#entries = [];
  }

  /** The fault for this request, counted as used. */
  take(request: FaultedRequest): Fault | undefined {
    const entry = this.#entries.find(({ fault, left }) => left > 0 && matches(fault, request));
    if (entry === undefined) return undefined;
    entry.left -= 1;
    if (entry.left <= 0) this.#entries = this.#entries.filter((other) => other !== entry);
    return entry.fault;
  }
}

function matches({ match = {} }: Fault, request: FaultedRequest): boolean {
  const { call, method, path } = match;
  const calls = call === undefined ? undefined : [call].flat();
  if (calls !== undefined && !calls.includes(request.call)) return false;
  if (request.call === 'preflight' && calls === undefined && method !== 'OPTIONS') return false;
  if (method !== undefined && method.toUpperCase() !== request.method) return false;
  if (path === undefined) return true;
  return typeof path === 'string' ? path === request.path : path.test(request.path);
}
