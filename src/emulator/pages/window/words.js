/** @type {Readonly<Record<string, string>>} */
const STATES = {
  ALLOW: 'Allowed',
  BLOCK: 'Blocked',
  CHALLENGE_REQUIRED: 'Challenge required',
  CHALLENGE_SUCCEEDED: 'Challenge succeeded',
  CHALLENGE_FAILED: 'Challenge failed',
  REVIEW_REQUIRED: 'Review required',
  REVIEW_SUCCEEDED: 'Review succeeded',
  REVIEW_FAILED: 'Review failed',
};

/** @param {string} state */
export const stateWords = (state) => STATES[state] ?? state;

/**
 * Which of the page's colours a state has.
 *
 * @param {string} state
 */
export function stateTone(state) {
  if (state === 'ALLOW' || state.endsWith('_SUCCEEDED')) return 'good';
  if (state === 'BLOCK' || state.endsWith('_FAILED')) return 'bad';
  return state === 'REVIEW_REQUIRED' ? 'review' : 'open';
}

/** @type {Readonly<Record<string, string>>} */
const METHODS = {
  WHATSAPP: 'WhatsApp',
  SMS: 'SMS',
  EMAIL: 'E-mail',
  EMAIL_OTP: 'E-mail code',
  EMAIL_MAGIC_LINK: 'E-mail link',
  AUTHENTICATOR_APP: 'Authenticator app',
  PASSKEY: 'Passkey',
};

/** @param {string} method a channel or a verification method */
export const methodWords = (method) => METHODS[method] ?? method;

/** @type {Readonly<Record<string, string>>} */
const OUTCOMES = { ALLOW: 'Allow', CHALLENGE: 'Challenge', REVIEW: 'Review', BLOCK: 'Block' };

/** @param {string} outcome */
export const outcomeWords = (outcome) => OUTCOMES[outcome] ?? outcome;

/**
 * A number as people write it: the country is not known for sure, so only groups of three.
 *
 * @param {string} to
 */
export function numberWords(to) {
  const [, lead, rest] = /^(\+\d{2})(\d{6,13})$/.exec(to) ?? [];
  if (lead === undefined || rest === undefined) return to;
  return `${lead} ${rest.replace(/\B(?=(\d{3})+(?!\d))/g, ' ')}`;
}
