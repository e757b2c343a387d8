import { BLOCKED_ACTION_QUESTIONS } from './blocked-action.mjs';
import { CALL_QUESTIONS } from './calls.mjs';
import { CLAIM_QUESTIONS } from './claims.mjs';
import { CLIENT_CHALLENGE_QUESTIONS } from './client-challenge.mjs';
import { EXPIRY_QUESTIONS } from './expiry.mjs';
import { KEY_QUESTIONS } from './idempotency-keys.mjs';
import { LIMIT_QUESTIONS } from './limits.mjs';
import { SCOPE_QUESTIONS } from './scopes.mjs';
import { SIGN_IN_QUESTIONS } from './sign-in.mjs';
import { TOKEN_QUESTIONS } from './tokens.mjs';

/** In the order in which they are asked: the token that shall expire first, the waiting last. */
export const QUESTIONS = [
  ...TOKEN_QUESTIONS,
  ...CALL_QUESTIONS,
  ...KEY_QUESTIONS,
  ...SIGN_IN_QUESTIONS,
  ...CLAIM_QUESTIONS,
  ...SCOPE_QUESTIONS,
  ...CLIENT_CHALLENGE_QUESTIONS,
  ...BLOCKED_ACTION_QUESTIONS,
  ...LIMIT_QUESTIONS,
  ...EXPIRY_QUESTIONS,
];
