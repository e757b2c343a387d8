import type { ActionRequest } from '../../core/action-request.js';
import type { Verdict } from '../../core/verdict.js';

// Both weak, and neither leads from one to the other: a connection outlives its messages by far.
const takenFrom = new WeakSet<object>();
const holding = new WeakSet<object>();

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
  const isOfHandshake = request.transport === 'ws' && request.proof === undefined;
  if (!isOfHandshake || request.headers[header] === undefined) {
    return request;
  }
  const client: object = Object(request.raw);
  if (takenFrom.has(client)) {
    const { [header]: _taken, ...headers } = request.headers;
    return { ...request, headers };
  }
  takenFrom.add(client);
  holding.add(request);
  return request;
}

/**
 * Leaves the proof to the next message where this one had it and ended before anybody judged it.
 * Where that cannot be told it is left, too: a proof that counts no more only costs a question.
 */
export function leaveHandshakeProof<Raw>(
  request: ActionRequest<unknown, Raw>,
  verdict: Verdict,
): void {
  if (holding.delete(request) && !isJudged(verdict)) {
    takenFrom.delete(Object(request.raw));
  }
}

function isJudged(verdict: Verdict): boolean {
  return verdict.kind === 'approved'
    ? verdict.approval.by !== 'skipped' && verdict.approval.by !== 'observed'
    : !['unavailable', 'misconfigured', 'unauthenticated', 'invalid'].includes(verdict.kind);
}
