/** Allowed by the rules. */
export const SMALL = { amount: 2_500, currency: 'NZD', payee: 'Corner Cafe' };

/** Needs a code. */
export const LARGE = { amount: 250_000, currency: 'NZD', payee: 'Power Company' };
