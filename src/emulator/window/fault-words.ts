import type { FaultKind } from '../faults.js';

/** What the client sees, in the order in which the window offers it. */
export const FAULT_WORDS: Readonly<Record<FaultKind, string>> = {
  status: 'An error status instead of an answer',
  latency: 'The true answer, later',
  hang: 'No answer at all',
  'reset-before': 'Connection reset, nothing carried out',
  'reset-after': 'Connection reset, but carried out',
  truncated: 'Half of the body, then the connection closed',
  'slow-body': 'Half of the body, then nothing',
  html: 'A 502 page instead of JSON',
  empty: 'A status without a body',
  'malformed-json': 'Half a JSON',
  'missing-fields': 'The true answer without its fields',
  'wrong-types': 'The true answer with fields of another type',
  redirect: 'A redirect to somewhere else',
  huge: 'The true answer and 16 MB of padding',
};

export const FAULT_KINDS = Object.keys(FAULT_WORDS) as readonly FaultKind[];
