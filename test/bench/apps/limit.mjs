import { Pool } from 'undici';
import { ACTION, PROOF_HEADER, SECRET } from './account.mjs';
import { ALLOWED, FAILED } from './outcome.mjs';

/**
 * The least that can be done: one request through undici, and an `if`. No deadline, no check of the
 * answer's shape, no binding, no burning.
 *
 * @param {string} apiUrl
 * @returns {import('./outcome.mjs').Ask}
 */
export function limit(apiUrl) {
  const post = poster(apiUrl);
  return async ({ userId, ip, headers }) => {
    const token = headers[PROOF_HEADER];
    if (token !== undefined) {
      const { state } = await post('/validate', { token, userId, action: ACTION });
      return state === 'CHALLENGE_SUCCEEDED' ? ALLOWED : FAILED;
    }
    const facts = { ipAddress: ip, userAgent: headers['user-agent'] };
    const tracked = await post(`/users/${userId}/actions/${ACTION}`, facts);
    if (tracked.state === 'CHALLENGE_REQUIRED') {
      return { allowed: false, body: { token: tracked.token, url: tracked.url } };
    }
    return tracked.state === 'ALLOW' ? ALLOWED : FAILED;
  };
}

/**
 * A POST through undici and nothing around it.
 *
 * @param {string} apiUrl
 * @returns {(path: string, body: object) => Promise<any>}
 */
export function poster(apiUrl) {
  const { origin, pathname } = new URL(apiUrl);
  const pool = new Pool(origin, { connections: 128 });
  const headers = {
    authorization: `Basic ${Buffer.from(`${SECRET}:`).toString('base64')}`,
    accept: 'application/json',
    'content-type': 'application/json',
  };
  return async (path, body) => {
    const answer = await pool.request({
      method: 'POST',
      path: pathname + path,
      headers,
      body: JSON.stringify(body),
    });
    return answer.body.json();
  };
}
