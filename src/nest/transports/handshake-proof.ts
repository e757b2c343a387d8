import type { ActionRequest } from '../../core/action-request.js';
import type { Verdict } from '../../core/verdict.js';

/** The message that has the proof of a handshake, by the client of the connection. */
const holders = new WeakMap<object, object>();

/**
 * The proof of a handshake goes to the first guarded message of its connection that has none of
 * its own. Otherwise each later message would be measured by a proof that is used up.
 *
 * @param header its name in lower case.
 */
export function takeHandshakeProof<Raw>(
  request: ActionRequest<unknown, Raw>,
  header: string,
): ActionRequest<unknown, Raw> {
  const client: object = Object(request.raw);
  if (request.transport !== 'ws' || request.proof !== undefined) {
    return request;
  }
  if (!holders.has(client)) {
    holders.set(client, request);
    return request;
  }
  const { [header]: _taken, ...headers } = request.headers;
  return { ...request, headers };
}

/**
 * Leaves the proof to the next message where this one had it and ended before anybody judged it.
 * Where that cannot be told it is left, too: a proof that counts no more only costs a question.
 */
export function leaveHandshakeProof<Raw>(
  request: ActionRequest<unknown, Raw>,
  verdict: Verdict,
): void {
  const client: object = Object(request.raw);
  if (holders.get(client) === request && !isJudged(verdict)) {
    holders.delete(client);
  }
}

function isJudged(verdict: Verdict): boolean {
  return verdict.kind === 'approved'
    ? verdict.approval.by !== 'skipped' && verdict.approval.by !== 'observed'
    : !['unavailable', 'misconfigured', 'unauthenticated', 'invalid'].includes(verdict.kind);
}
