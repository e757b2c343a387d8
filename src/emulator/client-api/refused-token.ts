import { type Answer, refuse } from '../answer.js';
import type { Tenant } from '../tenant.js';

/** Expired tokens have a code of their own: the browser SDK calls `onTokenExpired` for it. */
export function refuseToken(tenant: Tenant, kind: 'expired' | 'invalid'): Answer {
  const status = tenant.switches.clientTokenErrorStatus;
  return kind === 'expired'
    ? refuse(status, 'expired_token', 'The token has expired.')
    : refuse(status, 'unauthorized', 'The request is unauthorized.');
}
