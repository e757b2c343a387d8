const MOST = 100_000_000;

/**
 * @param {string} text as people write amounts: `2000`, `2,000`, `2 000.50`
 * @returns {number | undefined} cents; `undefined` for anything else than an amount from 0.01 to 1,000,000.00
 */
export function centsOf(text) {
  const [, whole, fraction = ''] =
    /^(\d{1,3}(?:[, ]\d{3})+|\d+)(?:\.(\d{1,2}))?$/.exec(text.trim()) ?? [];
  if (whole === undefined) {
    return undefined;
  }
  const cents = Number(whole.replace(/[, ]/g, '')) * 100 + Number(fraction.padEnd(2, '0'));
  return cents > 0 && cents <= MOST ? cents : undefined;
}

/**
 * @param {number} cents
 * @param {string} currency
 */
export function money(cents, currency) {
  const amount = (cents / 100).toLocaleString('en-NZ', {
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
  });
  return `${currency}\u00a0${amount}`;
}
