import { createHash } from 'node:crypto';
import type { ActionRequest } from './action-request.js';
import { copyOfBound, findUnbound, type UnboundValue } from './bound-values.js';
import type { Evaluation } from './evaluation.js';
import type { ResolvedPolicy } from './resolve-policy.js';
import { proceed, refuse, type Step } from './step.js';

/** The values that the approval is for: what `bind` picks, or the whole query and body. */
export async function bindRequest(evaluation: Evaluation): Promise<Step<unknown>> {
  const { bind } = evaluation.policy;
  return bind === undefined ? bindRaw(evaluation) : bindPicked(evaluation, bind);
}

async function bindPicked(
  evaluation: Evaluation,
  bind: NonNullable<ResolvedPolicy['bind']>,
): Promise<Step<unknown>> {
  const { request, policy, body } = evaluation;
  // On a body that nothing has validated, what `bind` stumbles over may be the client's doing.
  const thrown = policy.readBody === undefined ? INVALID : MISCONFIGURED;
  const picked = await evaluation.call('bind', () => bind({ ...request, body }), thrown);
  if (!picked.ok) {
    return picked;
  }
  const fault = findUnbound(picked.value, 'safe-integers');
  if (fault !== undefined) {
    return refuseUnbound(evaluation, fault);
  }
  const bound = copyOfBound(picked.value);
  evaluation.bound = bound;
  return proceed({ picked: bound });
}

function bindRaw(evaluation: Evaluation): Step<unknown> {
  const { request } = evaluation;
  if (isMultipart(request)) {
    return evaluation.callbackFailed('bind', 'is needed: files are no part of a multipart body');
  }
  // No parsed body is a text but by a text parser, so a hash cannot be taken for another body.
  const content = contentHash(request.body) ?? request.body ?? null;
  const fault = findUnbound(request.query, 'finite') ?? findUnbound(content, 'finite');
  return fault === undefined
    ? proceed({ query: request.query, body: content })
    : refuseUnbound(evaluation, fault);
}

const INVALID = { kind: 'invalid', errors: [] } as const;
const MISCONFIGURED = { kind: 'misconfigured' } as const;

function refuseUnbound(evaluation: Evaluation, fault: UnboundValue): Step<never> {
  const { pointer, detail } = fault;
  return fault.fault === 'client'
    ? refuse({ kind: 'invalid', errors: [{ pointer, detail }] })
    : evaluation.callbackFailed('bind', `${pointer} ${detail}`);
}

/** Text and bytes are bound by their SHA-256. */
function contentHash(body: unknown): string | undefined {
  return typeof body === 'string' || body instanceof Uint8Array
    ? createHash('sha256').update(body).digest('base64url')
    : undefined;
}

function isMultipart(request: ActionRequest): boolean {
  const type = request.headers['content-type'];
  return typeof type === 'string' && /^\s*multipart\//i.test(type);
}
