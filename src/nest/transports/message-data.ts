import type { ActionRequest } from '../../core/action-request.js';
import { isPlainObject } from '../../core/bound-values.js';
import { PROOF_FIELD, type StepUpProblem } from '../../core/wire.js';
import { takenOut } from './taken-out.js';

/** The data of a message, and the proof that came in a field of it. */
export interface MessageData {
  readonly data: unknown;
  readonly proof: unknown;
}

export function splitData(sent: unknown): MessageData {
  if (!isPlainObject(sent)) {
    return { data: sent, proof: undefined };
  }
  if (!Object.hasOwn(sent, PROOF_FIELD)) {
    return { data: sent, proof: takenOut(sent).get(PROOF_FIELD) };
  }
  const { [PROOF_FIELD]: proof, ...data } = sent;
  return { data, proof };
}

type MessageParts = Pick<ActionRequest, 'body' | 'bodyState' | 'proof'>;

/**
 * No data and an empty object are the same: the retry of a message without data has an object
 * around the proof.
 */
export function messageParts(sent: unknown): MessageParts {
  const { data, proof } = splitData(sent);
  const body = isPlainObject(data) && Object.keys(data).length === 0 ? undefined : data;
  return {
    body,
    bodyState: body === undefined ? 'absent' : 'read',
    ...(proof === undefined || proof === null ? {} : { proof }),
  };
}

/** The problem with the field that the proof goes into, where the data that were sent have room for one. */
export function messageProblem(problem: StepUpProblem, sent: unknown): StepUpProblem {
  const { retry } = problem;
  const hasRoom = sent === undefined || isPlainObject(sent);
  return retry === undefined || !hasRoom
    ? problem
    : { ...problem, retry: { ...retry, field: PROOF_FIELD } };
}
