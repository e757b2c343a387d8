import type { AuthsignalCall } from '../core/circuit.js';

/** The method and the path's template of a call, below the API's base. */
export interface HttpCall {
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly template: string;
}

const ACTION_PATH = '/users/{userId}/actions/{action}';

/** Each call of Authsignal's Server API. Templates, because ids of users stand in the paths. */
export const HTTP_CALLS: Readonly<Record<AuthsignalCall, HttpCall>> = {
  track: { method: 'POST', template: ACTION_PATH },
  validateChallenge: { method: 'POST', template: '/validate' },
  challenge: { method: 'POST', template: '/challenge' },
  verify: { method: 'POST', template: '/verify' },
  claimChallenge: { method: 'POST', template: '/claim' },
  getUser: { method: 'GET', template: '/users/{userId}' },
  getAuthenticators: { method: 'GET', template: '/users/{userId}/authenticators' },
  enrollVerifiedAuthenticator: { method: 'POST', template: '/users/{userId}/authenticators' },
  getAction: { method: 'GET', template: `${ACTION_PATH}/{idempotencyKey}` },
  updateAction: { method: 'PATCH', template: `${ACTION_PATH}/{idempotencyKey}` },
};
