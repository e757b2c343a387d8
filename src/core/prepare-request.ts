import { bindRequest } from './bind-request.js';
import type { BindingContext } from './binding.js';
import { type Evaluation, proceed, refuse, type Step } from './evaluation.js';
import { readBody } from './read-body.js';

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
  const subject = await findSubject(evaluation);
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
  const { method, route, params } = evaluation.request;
  return proceed({
    action: action.value,
    subject: subject.value,
    context: {
      subject: subject.value,
      session: session.value,
      action: action.value,
      method,
      route,
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

async function findSubject(evaluation: Evaluation): Promise<Step<string>> {
  const { subject } = evaluation.policy;
  const found =
    subject === undefined
      ? proceed(undefined)
      : await evaluation.call('subject', () => subject(evaluation.request));
  if (!found.ok) {
    return found;
  }
  const id = identifier(found.value);
  return id === undefined ? unauthenticated(evaluation, 'subject') : proceed(id);
}

async function findSession(evaluation: Evaluation): Promise<Step<string | null>> {
  const { session } = evaluation.options;
  if (session === undefined) {
    return proceed(null);
  }
  const found = await evaluation.call('session', () => session(evaluation.request));
  if (!found.ok) {
    return found;
  }
  const id = identifier(found.value);
  return id === undefined ? unauthenticated(evaluation, 'session') : proceed(id);
}

/** What becomes of a missing id when code turns it into text: nobody, yet the same for everyone. */
const NOBODY: ReadonlySet<string> = new Set([
  '',
  'undefined',
  'null',
  'NaN',
  '[object Object]',
  '[object Promise]',
]);

function identifier(value: unknown): string | undefined {
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) ? String(value) : undefined;
  }
  return typeof value === 'string' && !NOBODY.has(value.trim()) ? value : undefined;
}

function unauthenticated(evaluation: Evaluation, option: 'subject' | 'session'): Step<never> {
  evaluation.report({ type: 'subject_missing' });
  evaluation.warn(
    `\`${option}\` found nobody, so the request was answered 401. ` +
      `Run authentication before the gate, and let \`${option}: ({ raw }) => ...\` return its id.`,
  );
  return refuse({ kind: 'unauthenticated' });
}
