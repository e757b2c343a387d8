import type { Cell } from './outcomes.js';

/** How the store of used proofs fails. */
export const REPLAY_FAULTS = [
  'throws',
  'rejects',
  'answers after the deadline',
  'answers "OK"',
  'answers 1',
  'answers nothing',
  'is full',
] as const;
export type ReplayFault = (typeof REPLAY_FAULTS)[number];

/** An outcome, and how often the store was asked to burn. */
interface StoreTable<Fault extends string> {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly [Fault, ...Cell[]])[];
}

/** A request with a proof that counts; the last column has none. */
export const REPLAY_STORE = {
  title: 'The replay store',
  columns: ['deny', 'allow', 'allow and requireChallenge', 'allow, without a proof'],
  rows: [
    ['throws', 'unavailable 1', 'unavailable 1', 'unavailable 1', 'challenged 0'],
    ['rejects', 'unavailable 1', 'unavailable 1', 'unavailable 1', 'challenged 0'],
    [
      'answers after the deadline',
      'unavailable 1',
      'unavailable 1',
      'unavailable 1',
      'challenged 0',
    ],
    ['answers "OK"', 'unavailable 1', 'unavailable 1', 'unavailable 1', 'challenged 0'],
    ['answers 1', 'unavailable 1', 'unavailable 1', 'unavailable 1', 'challenged 0'],
    ['answers nothing', 'unavailable 1', 'unavailable 1', 'unavailable 1', 'challenged 0'],
    ['is full', 'unavailable 1', 'unavailable 1', 'unavailable 1', 'challenged 0'],
  ],
} as const satisfies StoreTable<ReplayFault>;

/** How the store fails after the handler failed, under `returnProofOnFailure`. */
export const RESTORE = {
  title: 'Giving a proof back',
  columns: ['the same request again'],
  rows: [
    ['works', 'runs 1'],
    ['throws', 'consumed 1'],
    ['rejects', 'consumed 1'],
    ['answers after the deadline', 'consumed 1'],
  ],
} as const satisfies StoreTable<'works' | ReplayFault>;

/** Of the flows; nothing is asked of Authsignal, and no code is sent. */
export const LIMIT_STORE = {
  title: 'The store of the limits',
  columns: ['sign-in', 'enrollment', 'phone number', 'resend', 'the right code'],
  rows: [
    [
      'throws',
      'unavailable 0, 0 sent',
      'unavailable 0, 0 sent',
      'unavailable 0, 0 sent',
      'unavailable 0, 0 sent',
      'unavailable 0, 0 sent',
    ],
    [
      'hangs',
      'unavailable 0, 0 sent',
      'unavailable 0, 0 sent',
      'unavailable 0, 0 sent',
      'unavailable 0, 0 sent',
      'unavailable 0, 0 sent',
    ],
    [
      'answers nonsense',
      'unavailable 0, 0 sent',
      'unavailable 0, 0 sent',
      'unavailable 0, 0 sent',
      'unavailable 0, 0 sent',
      'unavailable 0, 0 sent',
    ],
  ],
} as const satisfies StoreTable<'throws' | 'hangs' | 'answers nonsense'>;

/** The first row of each kind of failure while a circuit is open, by the gate's policy. */
export const OPEN_CIRCUIT = {
  title: 'An open circuit',
  columns: ['deny', 'allow', 'allow and requireChallenge', 'with a proof'],
  rows: [
    ['track', 'unavailable 0', 'opens 0', 'unavailable 0', 'unavailable 0'],
    ['updateAction', '', '', 'unavailable 0', ''],
    ['validate', '', '', '', 'unavailable 0'],
    ['challenge', 'unavailable 0, 0 sent', 'unavailable 0, 0 sent', '', ''],
    ['verify', 'unavailable 0', 'unavailable 0', '', ''],
    ['claim', 'incomplete 0', 'incomplete 0', '', ''],
    ['enrollVerifiedAuthenticator', 'unavailable 0', 'unavailable 0', '', ''],
  ],
} as const satisfies StoreTable<string>;
