import { Authsignal } from '@authsignal/node';
import { ACTION, PROOF_HEADER, SECRET } from './account.mjs';
import { ALLOWED, FAILED } from './outcome.mjs';

/**
 * The guard of Authsignal's guide, on its SDK: track, and on the way back validate. It binds nothing
 * and uses nothing up.
 *
 * @param {string} apiUrl
 * @returns {import('./outcome.mjs').Ask}
 */
export function byHand(apiUrl) {
  const authsignal = new Authsignal({ apiSecretKey: SECRET, apiUrl });
  return async ({ userId, ip, headers }) => {
    const token = headers[PROOF_HEADER];
    if (typeof token === 'string') {
      const { state } = await authsignal.validateChallenge({ token, userId, action: ACTION });
      return state === 'CHALLENGE_SUCCEEDED' ? ALLOWED : FAILED;
    }
    const tracked = await authsignal.track({
      userId,
      action: ACTION,
      attributes: { ipAddress: ip ?? '', userAgent: String(headers['user-agent']) },
    });
    if (tracked.state === 'CHALLENGE_REQUIRED') {
      return { allowed: false, body: { token: tracked.token, url: tracked.url } };
    }
    return tracked.state === 'ALLOW' ? ALLOWED : FAILED;
  };
}
