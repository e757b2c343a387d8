import { bindRequest } from './bind-request.js';
import type { BindingContext } from './binding.js';
import type { Evaluation } from './evaluation.js';
import { findSession, findSubject } from './identify.js';
import { readBody } from './read-body.js';
import { proceed, refuse, type Step } from './step.js';

/** All that must be known before Authsignal is asked. */
export interface PreparedRequest {
  readonly action: string;
  readonly subject: string;
  /** What a challenge for this request is bound to. */
  readonly context: BindingContext;
}

/** Finds out which action it is, who acts, and what exactly is asked for. Sends nothing. */
export async function prepareRequest(evaluation: Evaluation): Promise<Step<PreparedRequest>> {
  const action = await selectAction(evaluation);
  if (!action.ok) {
    return action;
  }
  evaluation.action = action.value;
  const subject = await findSubject(evaluation, evaluation.policy.subject);
  if (!subject.ok) {
    return subject;
  }
  evaluation.subject = subject.value;
  const session = await findSession(evaluation);
  if (!session.ok) {
    return session;
  }
  const body = await readBody(evaluation);
  if (!body.ok) {
    return body;
  }
  evaluation.body = body.value;
  const bound = await bindRequest(evaluation);
  if (!bound.ok) {
    return bound;
  }
  const { method, path, route, handler = null, params } = evaluation.request;
  return proceed({
    action: action.value,
    subject: subject.value,
    context: {
      subject: subject.value,
      session: session.value,
      action: action.value,
      method,
      path,
      route,
      handler,
      params,
      bound: bound.value,
    },
  });
}

async function selectAction(evaluation: Evaluation): Promise<Step<string>> {
  const { codes, select } = evaluation.policy;
  const [only] = codes;
  if (select === undefined) {
    return only === undefined ? refuse({ kind: 'misconfigured' }) : proceed(only);
  }
  const chosen = await evaluation.call('select', () => select(evaluation.request));
  if (chosen.ok && !codes.includes(chosen.value)) {
    return evaluation.callbackFailed('select', 'returned a code that is not in `oneOf`');
  }
  return chosen;
}
