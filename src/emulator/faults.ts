import type { CallName } from './call-name.js';

/** Which requests a fault is for; what is left out matches everything but CORS preflights and pages. */
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
  /** Those that can still hit a request, in the order in which they are taken. */
  active(): readonly ActiveFault[];
}

/** A fault that was added and is not over. */
export interface ActiveFault {
  /** Unique for this start of the emulator. */
  readonly id: number;
  readonly fault: Fault;
  /** How many more requests it hits; infinite until it is removed. */
  readonly left: number;
}

/** What nobody thinks of who says that Authsignal fails: these are hit only when named. */
const NAMED_ONLY: readonly CallName[] = ['preflight', 'page', 'window'];

export interface FaultedRequest {
  readonly call: CallName;
  readonly method: string;
  readonly path: string;
}

export class Faults implements EmulatorFaults {
  #entries: (ActiveFault & { left: number })[] = [];
  #added = 0;
  readonly #changed: () => void;

  constructor(changed: () => void = () => undefined) {
    this.#changed = changed;
  }

  add(fault: Fault): () => void {
    this.#added += 1;
    const id = this.#added;
    this.#entries.push({ id, fault, left: fault.times ?? Number.POSITIVE_INFINITY });
    this.#changed();
    return () => {
      this.remove(id);
    };
  }

  clear(): void {
    this.#entries = [];
    this.#changed();
  }

  active(): readonly ActiveFault[] {
    return this.#entries.filter(({ left }) => left > 0).map((entry) => ({ ...entry }));
  }

  /** False if it is over already. */
  remove(id: number): boolean {
    const kept = this.#entries.filter((entry) => entry.id !== id);
    if (kept.length === this.#entries.length) return false;
    this.#entries = kept;
    this.#changed();
    return true;
  }

  /** The fault for this request, counted as used. */
  take(request: FaultedRequest): Fault | undefined {
    const entry = this.#entries.find(({ fault, left }) => left > 0 && matches(fault, request));
    if (entry === undefined) return undefined;
    entry.left -= 1;
    if (entry.left <= 0) this.#entries = this.#entries.filter((other) => other !== entry);
    this.#changed();
    return entry.fault;
  }
}

function matches({ match = {} }: Fault, request: FaultedRequest): boolean {
  const { call, method, path } = match;
  const calls = call === undefined ? undefined : [call].flat();
  if (calls !== undefined && !calls.includes(request.call)) return false;
  const isNamed = calls !== undefined || method?.toUpperCase() === 'OPTIONS';
  if (NAMED_ONLY.includes(request.call) && !isNamed) return false;
  if (method !== undefined && method.toUpperCase() !== request.method) return false;
  if (path === undefined) return true;
  return typeof path === 'string' ? path === request.path : path.test(request.path);
}
