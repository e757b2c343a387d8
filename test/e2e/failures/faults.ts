import type { Fault } from 'authsignal-guard/emulator';

/** How a fault is met: with a deadline that a test can wait for, with the usual one, or with nobody listening. */
export type Deadline = 'short' | 'usual' | 'nobody';

export interface NamedFault {
  readonly deadline: Deadline;
  readonly fault?: Omit<Fault, 'match'>;
  /** What the client is told to wait where it is told that something is unavailable; default 5 s. */
  readonly retryAfter?: string;
}

const LATE = 1_500;
const SOON = 20;

const usual = (fault: Omit<Fault, 'match'>): NamedFault => ({ deadline: 'usual', fault });
const short = (fault: Omit<Fault, 'match'>): NamedFault => ({ deadline: 'short', fault });

/** Every way in which Authsignal fails, in the words of the page for readers. */
export const FAULTS = {
  'nobody listens': { deadline: 'nobody' },
  hangs: short({ kind: 'hang' }),
  'answers after the deadline': short({ kind: 'latency', delayMs: LATE, process: false }),
  'does it after the deadline': short({ kind: 'latency', delayMs: LATE, process: true }),
  'answers late, within the deadline': usual({ kind: 'latency', delayMs: SOON }),
  'hangs within its answer': short({ kind: 'slow-body' }),
  'reset before it did it': usual({ kind: 'reset-before' }),
  'reset after it did it': usual({ kind: 'reset-after' }),
  'breaks its answer off': usual({ kind: 'truncated' }),
  '400': usual({ kind: 'status', status: 400 }),
  '401': usual({ kind: 'status', status: 401 }),
  '429, Retry-After: 7': {
    ...usual({ kind: 'status', status: 429, headers: { 'retry-after': '7' } }),
    retryAfter: '7',
  },
  '500, JSON': usual({ kind: 'status', status: 500 }),
  '502, a page': usual({ kind: 'html', status: 502 }),
  '503, empty': usual({ kind: 'empty', status: 503 }),
  'a redirect': usual({ kind: 'redirect' }),
  '200, empty': usual({ kind: 'empty' }),
  '200, half a JSON': usual({ kind: 'malformed-json' }),
  '200, huge': usual({ kind: 'huge', sizeBytes: 1_048_576 }),
  'all fields missing': usual({ kind: 'missing-fields' }),
  'all fields of another type': usual({ kind: 'wrong-types' }),
} as const satisfies Readonly<Record<string, NamedFault>>;

/** Of one field, such as `token missing`. */
export type FieldFault = `${string} missing` | `${string} of another type`;
export type FaultName = keyof typeof FAULTS | FieldFault;

export function faultOf(name: string): NamedFault {
  const whole = Object.entries(FAULTS).find(([known]) => known === name)?.[1];
  if (whole !== undefined) {
    return whole;
  }
  const [, field = '', how] = /^(\w+) (missing|of another type)$/.exec(name) ?? [];
  if (how === undefined) {
    throw new Error(`There is no fault "${name}".`);
  }
  const fields = field === 'action' ? ['action', 'actionCode'] : [field];
  return usual({ kind: how === 'missing' ? 'missing-fields' : 'wrong-types', fields });
}
