import {
  type ChallengeOffer,
  PROOF_HEADER,
  PROOF_REFUSALS,
  type ProofRefusal,
} from '../core/wire.js';

/** A `step_up_required` of the server. */
export interface ChallengeRefusal {
  readonly action: string;
  readonly challenge: ChallengeOffer;
  readonly reason?: ProofRefusal;
  /** In which header the proof goes back. */
  readonly header: string;
}

const PROBLEM = /^application\/problem\+json *(;|$)/i;
const WEB_ADDRESS = /^https?:\/\//i;
const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/;

export const isHeaderName = (name: unknown): name is string =>
  typeof name === 'string' && HEADER_NAME.test(name);

/**
 * What the server asks for, or `undefined` for every other answer. An answer that is no 403 with a problem is
 * not touched; one that is, is read from a copy, so that it can still be handed on whole. Nor is one that was redirected to:
 * the challenge is of another request than the one that would be sent again, perhaps of another server.
 */
export async function readChallengeRefusal(
  answer: Response,
): Promise<ChallengeRefusal | undefined> {
  const { status, redirected, headers } = answer;
  if (status !== 403 || redirected || !PROBLEM.test(headers.get('content-type') ?? '')) {
    return undefined;
  }
  try {
    return refusalIn(await answer.clone().json());
  } catch {
    // Not JSON, or cut off: whoever reads the answer itself will see it.
    return undefined;
  }
}

function refusalIn(problem: unknown): ChallengeRefusal | undefined {
  const { code, action, challenge, retry, reason } = fieldsOf(problem);
  const { token, url, methods } = fieldsOf(challenge);
  const { header = PROOF_HEADER } = fieldsOf(retry);
  const understood =
    code === 'step_up_required' &&
    typeof action === 'string' &&
    typeof token === 'string' &&
    typeof url === 'string' &&
    // It is gone to: a script would run.
    WEB_ADDRESS.test(url) &&
    isListOfText(methods) &&
    isHeaderName(header);
  if (!understood) {
    return undefined;
  }
  const known = PROOF_REFUSALS.find((each) => each === reason);
  const offer = { token, url, methods };
  return { action, challenge: offer, header, ...(known === undefined ? {} : { reason: known }) };
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> => Object(value);

const isListOfText = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string');
