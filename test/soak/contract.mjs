import { SECRET } from './terms.mjs';

/** @typedef {import('./tally.mjs').Tally} Tally */

/**
 * @typedef {object} Answer
 * @property {number} status
 * @property {Readonly<Record<string, string | string[] | undefined>>} headers
 * @property {string} text
 * @property {any} json undefined if it is none
 */

/**
 * What was sent, as far as it decides which answers are right.
 *
 * @typedef {object} Sent
 * @property {string} request its number
 * @property {string} action
 * @property {boolean} isSignedIn
 * @property {boolean} hasProof
 * @property {boolean} wasSentBefore the same proof, in another request
 * @property {string | undefined} failing how the handler was told to fail
 */

const STATUSES = /** @type {Readonly<Record<string, number>>} */ ({
  step_up_required: 403,
  step_up_consumed: 409,
  step_up_unavailable: 503,
  step_up_unauthenticated: 401,
  step_up_misconfigured: 500,
});
const REASONS = [
  ...['proof_expired', 'proof_invalid', 'challenge_pending', 'method_not_allowed'],
  'binding_mismatch',
];

/**
 * Why an answer is none that `docs/errors.md` promises for what was sent, or nothing.
 *
 * @param {Answer} answer
 * @param {Sent} sent
 * @returns {string | undefined}
 */
export function faultOf(answer, sent) {
  if (answer.text.includes(SECRET)) return 'the answer holds the secret';
  if (answer.json === undefined) return 'the answer is no JSON';
  const isOurs = String(answer.headers['content-type']).startsWith('application/problem+json');
  return isOurs ? faultOfRefusal(answer, sent) : faultOfResult(answer, sent);
}

/** @param {Answer} answer @param {Sent} sent */
function faultOfResult({ status, json }, { request, failing, isSignedIn }) {
  if (!isSignedIn) return 'nobody was let through';
  if (json.request !== request) return 'the answer belongs to another request';
  const expected = failing === undefined ? 201 : failing === 'throws' ? 500 : Number(failing);
  return status === expected ? undefined : `the handler meant another status than ${status}`;
}

/** @param {Answer} answer @param {Sent} sent */
function faultOfRefusal({ status, headers, json }, sent) {
  const { code } = json;
  if (STATUSES[code] !== status || json.status !== status) return `${status} with ${code}`;
  if (headers['cache-control'] !== 'no-store') return 'the refusal may be cached';
  if (sent.isSignedIn === (code === 'step_up_unauthenticated')) return `${code} for the wrong one`;
  switch (code) {
    case 'step_up_required':
      return faultOfChallenge(json, sent);
    case 'step_up_consumed':
      return sent.wasSentBefore ? undefined : 'consumed, and never sent before';
    case 'step_up_unavailable':
      return /^[1-9]\d*$/.test(String(headers['retry-after'])) ? undefined : 'no Retry-After';
    default:
      return undefined;
  }
}

/** @param {any} json @param {Sent} sent */
function faultOfChallenge({ action, challenge, retry, reason }, sent) {
  if (action !== sent.action) return 'a challenge for another action';
  if (typeof challenge?.token !== 'string' || challenge.token === '') return 'no token';
  if (typeof challenge.url !== 'string' || !Array.isArray(challenge.methods)) return 'no challenge';
  if (retry?.header !== 'Step-Up-Proof') return 'no header for the retry';
  if (sent.hasProof !== REASONS.includes(reason)) return `the reason is ${reason}`;
  return undefined;
}
