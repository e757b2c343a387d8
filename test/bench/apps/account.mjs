/*
 * What all applications of the bench have in common: who asks, for what, and what the handler does.
 */

export const SECRET = 'bench-secret-0123456789abcdef';
export const ACTION = 'createPayment';
export const PROOF_HEADER = 'step-up-proof';

/** No application of the bench is to refuse a body for its size. */
export const BODY_LIMIT = 4 * 1024 * 1024;

/** @typedef {{ amount: number, currency: string, payee: string }} Payment */

/** @param {Payment} payment */
export const paid = ({ amount }) => ({ id: 'payment-1', amount });

/** @param {import('node:http').IncomingHttpHeaders} headers */
export const signedIn = (headers) => ({ id: String(headers['x-user']) });

/** @param {number} index */
export const pathOf = (index) => (index === 0 ? 'payments' : `payments-${index}`);
