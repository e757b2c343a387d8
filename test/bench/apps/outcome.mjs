/*
 * How the two guards that we compare ourselves with ask and answer.
 */

/** @typedef {{ allowed: true } | { allowed: false, body: object }} Outcome */

/**
 * @typedef {object} Asker
 * @property {string} userId
 * @property {string | undefined} ip
 * @property {import('node:http').IncomingHttpHeaders} headers
 */

/** @typedef {(asker: Asker) => Promise<Outcome>} Ask */

/** @type {Outcome} */
export const ALLOWED = { allowed: true };

/** @type {Outcome} */
export const FAILED = { allowed: false, body: { error: 'Not allowed' } };
