import { ACTION, PROOF_HEADER } from '../apps/account.mjs';
import { PAYMENT } from '../load/files.mjs';

/** @typedef {import('authsignal-guard').ActionRequest} ActionRequest */

const HEADERS = {
  host: '127.0.0.1:3000',
  'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) bench',
  'content-type': 'application/json',
  'content-length': String(PAYMENT.length),
};

/**
 * What an adapter hands to the gate.
 *
 * @param {string} user
 * @param {string} [proof]
 * @param {unknown} [body]
 * @returns {import('authsignal-guard').ActionRequest<unknown, any>}
 */
export function requestOf(user, proof, body = JSON.parse(PAYMENT)) {
  return {
    transport: 'http',
    method: 'POST',
    path: '/payments',
    route: '/payments',
    params: {},
    query: {},
    headers: proof === undefined ? HEADERS : { ...HEADERS, [PROOF_HEADER]: proof },
    body,
    bodyState: 'read',
    ip: '127.0.0.1',
    raw: { user: { id: user } },
  };
}

/** @type {import('authsignal-guard').ActionPolicy} */
export const POLICY = Object.freeze({
  action: ACTION,
  bind: (/** @type {ActionRequest} */ { body }) => {
    const { amount, currency, payee } = /** @type {import('../apps/account.mjs').Payment} */ (body);
    return { amount, currency, payee };
  },
});
