import type { CallName } from 'authsignal-guard/emulator';
import type { FaultName } from './faults.js';
import type { Cell } from './outcomes.js';

/** One call of Authsignal's API: what becomes of a request while that call fails. */
export interface Table<Column extends string = string> {
  readonly title: string;
  readonly call: CallName;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly [FaultName, ...Cell[]])[];
}

/** The rules say `ALLOW`, so that nothing but the gate keeps the handler from running. */
export const TRACK = {
  title: '`track`',
  call: 'track',
  columns: ['deny', 'allow', 'allow and requireChallenge', 'allow, sent with a proof'],
  rows: [
    ['nobody listens', 'unavailable 0', 'opens 0', 'unavailable 0', 'unavailable 0'],
    ['hangs', 'unavailable 1', 'opens 1', 'unavailable 1', 'unavailable 1'],
    ['answers after the deadline', 'unavailable 1', 'opens 1', 'unavailable 1', 'unavailable 1'],
    ['does it after the deadline', 'unavailable 1', 'opens 1', 'unavailable 1', 'unavailable 1'],
    ['answers late, within the deadline', 'runs 1', 'runs 1', 'challenged 1', 'runs 1'],
    ['hangs within its answer', 'unavailable 1', 'opens 1', 'unavailable 1', 'unavailable 1'],
    ['reset before it did it', 'unavailable 2', 'opens 2', 'unavailable 2', 'unavailable 2'],
    ['reset after it did it', 'unavailable 2', 'opens 2', 'unavailable 2', 'unavailable 2'],
    ['breaks its answer off', 'unavailable 1', 'opens 1', 'unavailable 1', 'unavailable 1'],
    ['400', 'misconfigured 1', 'misconfigured 1', 'misconfigured 1', 'misconfigured 1'],
    ['401', 'misconfigured 1', 'misconfigured 1', 'misconfigured 1', 'misconfigured 1'],
    ['429, Retry-After: 7', 'unavailable 1', 'unavailable 1', 'unavailable 1', 'unavailable 1'],
    ['500, JSON', 'unavailable 1', 'opens 1', 'unavailable 1', 'unavailable 1'],
    ['502, a page', 'unavailable 1', 'opens 1', 'unavailable 1', 'unavailable 1'],
    ['503, empty', 'unavailable 1', 'opens 1', 'unavailable 1', 'unavailable 1'],
    ['a redirect', 'misconfigured 1', 'misconfigured 1', 'misconfigured 1', 'misconfigured 1'],
    ['200, empty', 'unavailable 1', 'unavailable 1', 'unavailable 1', 'unavailable 1'],
    ['200, half a JSON', 'unavailable 1', 'unavailable 1', 'unavailable 1', 'unavailable 1'],
    ['200, huge', 'unavailable 1', 'unavailable 1', 'unavailable 1', 'unavailable 1'],
    ['all fields missing', 'unavailable 1', 'unavailable 1', 'unavailable 1', 'unavailable 1'],
    [
      'all fields of another type',
      'unavailable 1',
      'unavailable 1',
      'unavailable 1',
      'unavailable 1',
    ],
    ['state missing', 'unavailable 1', 'unavailable 1', 'unavailable 1', 'unavailable 1'],
    ['state of another type', 'unavailable 1', 'unavailable 1', 'unavailable 1', 'unavailable 1'],
    ['isEnrolled missing', 'unavailable 1', 'unavailable 1', 'unavailable 1', 'unavailable 1'],
    [
      'isEnrolled of another type',
      'unavailable 1',
      'unavailable 1',
      'unavailable 1',
      'unavailable 1',
    ],
    ['idempotencyKey missing', 'unavailable 1', 'unavailable 1', 'unavailable 1', 'unavailable 1'],
    ['token missing', 'unavailable 1', 'unavailable 1', 'unavailable 1', 'unavailable 1'],
    ['url missing', 'unavailable 1', 'unavailable 1', 'unavailable 1', 'unavailable 1'],
  ],
} as const satisfies Table;

/** The rules say `ALLOW`, which the gate has to turn into a challenge. */
export const UPDATE_ACTION = {
  title: '`updateAction`',
  call: 'updateAction',
  columns: ['deny and requireChallenge', 'allow and requireChallenge'],
  rows: [
    ['nobody listens', 'unavailable 0', 'unavailable 0'],
    ['hangs', 'unavailable 1', 'unavailable 1'],
    ['answers after the deadline', 'unavailable 1', 'unavailable 1'],
    ['does it after the deadline', 'unavailable 1', 'unavailable 1'],
    ['answers late, within the deadline', 'challenged 1', 'challenged 1'],
    ['hangs within its answer', 'unavailable 1', 'unavailable 1'],
    ['reset before it did it', 'unavailable 1', 'unavailable 1'],
    ['reset after it did it', 'unavailable 1', 'unavailable 1'],
    ['breaks its answer off', 'unavailable 1', 'unavailable 1'],
    ['400', 'misconfigured 1', 'misconfigured 1'],
    ['401', 'misconfigured 1', 'misconfigured 1'],
    ['429, Retry-After: 7', 'unavailable 1', 'unavailable 1'],
    ['500, JSON', 'unavailable 1', 'unavailable 1'],
    ['502, a page', 'unavailable 1', 'unavailable 1'],
    ['503, empty', 'unavailable 1', 'unavailable 1'],
    ['a redirect', 'misconfigured 1', 'misconfigured 1'],
    ['200, empty', 'unavailable 1', 'unavailable 1'],
    ['200, half a JSON', 'unavailable 1', 'unavailable 1'],
    ['200, huge', 'unavailable 1', 'unavailable 1'],
    ['all fields missing', 'unavailable 1', 'unavailable 1'],
    ['all fields of another type', 'unavailable 1', 'unavailable 1'],
    ['state missing', 'unavailable 1', 'unavailable 1'],
    ['state of another type', 'unavailable 1', 'unavailable 1'],
  ],
} as const satisfies Table;

/** The request carries a proof that counts. */
export const VALIDATE = {
  title: '`validate`',
  call: 'validate',
  columns: ['deny', 'allow', 'allow and requireChallenge'],
  rows: [
    ['nobody listens', 'unavailable 0', 'unavailable 0', 'unavailable 0'],
    ['hangs', 'unavailable 1', 'unavailable 1', 'unavailable 1'],
    ['answers after the deadline', 'unavailable 1', 'unavailable 1', 'unavailable 1'],
    ['does it after the deadline', 'unavailable 1', 'unavailable 1', 'unavailable 1'],
    ['answers late, within the deadline', 'runs 1', 'runs 1', 'runs 1'],
    ['hangs within its answer', 'unavailable 1', 'unavailable 1', 'unavailable 1'],
    ['reset before it did it', 'unavailable 2', 'unavailable 2', 'unavailable 2'],
    ['reset after it did it', 'unavailable 2', 'unavailable 2', 'unavailable 2'],
    ['breaks its answer off', 'unavailable 1', 'unavailable 1', 'unavailable 1'],
    ['400', 'new challenge 1', 'new challenge 1', 'new challenge 1'],
    ['401', 'new challenge 1', 'new challenge 1', 'new challenge 1'],
    ['429, Retry-After: 7', 'unavailable 1', 'unavailable 1', 'unavailable 1'],
    ['500, JSON', 'unavailable 1', 'unavailable 1', 'unavailable 1'],
    ['502, a page', 'unavailable 1', 'unavailable 1', 'unavailable 1'],
    ['503, empty', 'unavailable 1', 'unavailable 1', 'unavailable 1'],
    ['a redirect', 'misconfigured 1', 'misconfigured 1', 'misconfigured 1'],
    ['200, empty', 'unavailable 1', 'unavailable 1', 'unavailable 1'],
    ['200, half a JSON', 'unavailable 1', 'unavailable 1', 'unavailable 1'],
    ['200, huge', 'unavailable 1', 'unavailable 1', 'unavailable 1'],
    ['all fields missing', 'new challenge 1', 'new challenge 1', 'new challenge 1'],
    ['all fields of another type', 'new challenge 1', 'new challenge 1', 'new challenge 1'],
    ['isValid missing', 'new challenge 1', 'new challenge 1', 'new challenge 1'],
    ['isValid of another type', 'new challenge 1', 'new challenge 1', 'new challenge 1'],
    ['state missing', 'new challenge 1', 'new challenge 1', 'new challenge 1'],
    ['state of another type', 'new challenge 1', 'new challenge 1', 'new challenge 1'],
    ['userId missing', 'new challenge 1', 'new challenge 1', 'new challenge 1'],
    ['action missing', 'new challenge 1', 'new challenge 1', 'new challenge 1'],
    ['idempotencyKey missing', 'new challenge 1', 'new challenge 1', 'new challenge 1'],
    ['idempotencyKey of another type', 'new challenge 1', 'new challenge 1', 'new challenge 1'],
    ['stateUpdatedAt of another type', 'new challenge 1', 'new challenge 1', 'new challenge 1'],
  ],
} as const satisfies Table;
