/** What the application, the customers and the oracle have agreed on. */
export const SECRET = 'secret-key-of-the-soak';
export const TIMEOUT_MS = 250;
export const MAX_PROOF_AGE_MS = 300_000;
