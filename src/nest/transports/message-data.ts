import type { ExecutionContext } from '@nestjs/common';
import type { ActionRequest } from '../../core/action-request.js';
import { isPlainObject } from '../../core/bound-values.js';
import { PROOF_FIELD } from '../../core/wire.js';

/** The data of a message, and the proof that came in a field of it. */
export interface MessageData {
  readonly data: unknown;
  readonly proof: unknown;
}

export function splitData(sent: unknown): MessageData {
  if (!isPlainObject(sent) || !Object.hasOwn(sent, PROOF_FIELD)) {
    return { data: sent, proof: undefined };
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

/** The handler of an approved message gets its data without the proof. */
export function hideProof(context: ExecutionContext): void {
  const index = DATA_AT.get(context.getType<string>());
  if (index !== undefined) {
    // Nest hands these very arguments on to interceptors, pipes and the handler.
    const args = context.getArgs<unknown[]>();
    args[index] = splitData(args[index]).data;
  }
}

const DATA_AT: ReadonlyMap<string, number> = new Map([
  ['ws', 1],
  ['rpc', 0],
]);
