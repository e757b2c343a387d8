import { REFUSAL_CODES } from '../../../src/core/wire.js';
import { USERS } from './hostile-world.js';
import type { Input } from './inputs.js';
import type { RawAnswer } from './raw-request.js';
import { isSendable } from './words.js';

/** What a framework refuses by itself, before the gate or without a route. */
const FRAMEWORK = [400, 404, 405, 406, 411, 413, 414, 415, 431];

/** An explanation of what is wrong with an answer, or nothing. */
export function judge(input: Input, answer: RawAnswer): string | undefined {
  const { status, headers, text } = answer;
  if (/\bat [^\n]*:\d+:\d+|node_modules|node:internal/.test(text)) {
    return 'shows a stack';
  }
  if (status < 400) {
    return mayPass(input) ? undefined : `${status} without an approval`;
  }
  const isProblem = headers['content-type'] === 'application/problem+json; charset=utf-8';
  if (!isProblem) {
    return FRAMEWORK.includes(status) ? undefined : `${status} that is no problem+json`;
  }
  const fault = input.method === 'HEAD' ? undefined : problemFault(input, answer);
  if (fault !== undefined) {
    return fault;
  }
  if (status === 500) {
    return mayBeMisconfigured(input) ? undefined : '500';
  }
  if (status === 503) {
    return isUnderLock(input, answer) ? undefined : '503';
  }
  return undefined;
}

function problemFault(input: Input, { status, headers, text }: RawAnswer): string | undefined {
  const problem: unknown = parsed(text);
  if (typeof problem !== 'object' || problem === null) {
    return 'a problem that is no JSON object';
  }
  const { type, title, detail, code, ...more } = Object(problem);
  const isWhole =
    REFUSAL_CODES.includes(code) &&
    type === `urn:authsignal-guard:problem:${code}` &&
    [title, detail].every((each) => typeof each === 'string' && each !== '') &&
    more.status === status &&
    headers['cache-control'] === 'no-store';
  if (!isWhole) {
    return 'a problem that is not well-formed';
  }
  if (code.startsWith('webhook_') !== (input.site === 'webhook')) {
    return `${code} of another route`;
  }
  return (CODES_OF_FAILURES[status] ?? code) === code ? signedFault(input, code) : code;
}

/** Of what fails by itself, the one code that input may lead to. */
const CODES_OF_FAILURES: Readonly<Record<number, string>> = {
  500: 'step_up_misconfigured',
  503: 'step_up_unavailable',
};

/** Whoever has no valid signature learns nothing of what is behind it, and whoever has one is not taken for such. */
function signedFault({ site, isSigned }: Input, code: string): string | undefined {
  if (site !== 'webhook' || code === 'webhook_too_large') {
    return undefined;
  }
  const isTaken = code !== 'webhook_signature_invalid';
  return isTaken === (isSigned === true) ? undefined : `${code}, isSigned: ${isSigned}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Starting a flow and reading one's own status need no approval; nor does what no handler answers. A delivery needs a
 * signature.
 */
function mayPass({ site, method, target, isSigned }: Input): boolean {
  const isOptions = method === 'OPTIONS';
  const isFlow = /^\/whatsapp(\/?|\/(enrollment|phone-number|sign-in|resend)\/?)(\?|$)/i;
  return (
    isOptions ||
    (site === 'flows' && isFlow.test(target)) ||
    (site === 'webhook' && isSigned === true)
  );
}

const READ =
  /^(application\/json|application\/x-www-form-urlencoded|text\/plain|application\/octet-stream)\s*(;|$)/i;

/**
 * The two things that docs/errors.md says of 500: a body that no parser has read, and an id of the
 * application's own that cannot be asked about.
 */
function mayBeMisconfigured({ site, body, user, method, headers }: Input): boolean {
  if (site === 'webhook') {
    return false;
  }
  const id = user === undefined ? '' : (USERS[user] ?? '');
  if (!isSendable(id)) {
    return true;
  }
  if (site === 'flows' || body === undefined) {
    return false;
  }
  const types = [
    body.type,
    ...headers.filter(([name]) => name === 'content-type').map(([, type]) => type),
  ];
  const isRead = types.every((type) => type !== undefined && READ.test(type));
  return !isRead || ['GET', 'HEAD', 'TRACE', 'OPTIONS', 'DELETE'].includes(method);
}

/** One change of a user's authenticators at a time: whoever comes meanwhile may try again in a second. */
function isUnderLock({ site, target }: Input, { headers }: RawAnswer): boolean {
  const isChange = /^\/whatsapp\/([\w-]+\/verify|verified-number)\/?(\?|$)/i.test(target);
  return site === 'flows' && isChange && headers['retry-after'] === '1';
}
