import { isPlainObject, pointerToken } from './bound-values.js';
import { isStepUpError } from './errors.js';
import type { Evaluation } from './evaluation.js';
import { proceed, refuse, type Step } from './step.js';
import type { InvalidField } from './wire.js';

/** The validated private copy of the body, or the body itself where the policy reads none. */
export async function readBody(evaluation: Evaluation): Promise<Step<unknown>> {
  const { request, policy } = evaluation;
  if (request.bodyState === 'unread') {
    evaluation.report({ type: 'body_unread' });
    evaluation.warn(
      'the request declares a body that no parser has read, so nothing of it could be bound. ' +
        'Put the body parser for its content type before the gate.',
    );
    return refuse({ kind: 'misconfigured' });
  }
  const read = policy.readBody;
  if (read === undefined) {
    return proceed(request.body);
  }
  try {
    return proceed(await read(structuredClone(request.body)));
  } catch (error) {
    return invalid(evaluation, error);
  }
}

function invalid(evaluation: Evaluation, error: unknown): Step<never> {
  if (isStepUpError(error)) {
    return evaluation.callbackFailed('body', error.message);
  }
  const errors = invalidFields(error);
  if (errors.length === 0) {
    // Perhaps the reader itself is broken; only its owner can tell.
    const description = evaluation.describe(error);
    evaluation.report({ type: 'callback_failed', callback: 'body', error: description });
    evaluation.warn(`\`body\` threw something without issues: ${description}`);
  }
  return refuse({ kind: 'invalid', errors });
}

/**
 * The `issues` of a validation error, as Standard Schema libraries have them: `message` and a
 * `path` of keys.
 */
function invalidFields(error: unknown): readonly InvalidField[] {
  const issues: unknown =
    typeof error === 'object' && error !== null ? Reflect.get(error, 'issues') : undefined;
  if (!Array.isArray(issues)) {
    return [];
  }
  return issues
    .slice(0, MOST_FIELDS)
    .filter(isPlainObject)
    .map((issue) => ({
      pointer: pointerOf(issue.path),
      detail: typeof issue.message === 'string' ? issue.message : 'is not valid',
    }));
}

function pointerOf(path: unknown): string {
  const keys: readonly unknown[] = Array.isArray(path) ? path : [];
  return ['#', ...keys.map((segment) => pointerToken(keyOf(segment)))].join('/');
}

/** A key, or an object with one: Standard Schema has both. */
function keyOf(segment: unknown): string {
  const key: unknown =
    typeof segment === 'object' && segment !== null ? Reflect.get(segment, 'key') : segment;
  return ['string', 'number', 'symbol'].includes(typeof key) ? String(key) : '?';
}

/** More help nobody, and a body may be made of faults. */
const MOST_FIELDS = 50;
