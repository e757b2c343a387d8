/**
 * A payment of about so many bytes of JSON: a list of lines, as an order has them.
 *
 * @param {number} bytes
 * @returns {string}
 */
export function bodyOf(bytes) {
  const head = { amount: 200_000, currency: 'EUR', payee: 'ACME Ltd.' };
  const line = {
    article: 'A-0000000',
    quantity: 3,
    price: 1999,
    note: 'Deliver to the back door.',
  };
  const size = JSON.stringify(line).length + 1;
  const count = Math.max(0, Math.round((bytes - JSON.stringify(head).length) / size));
  const lines = Array.from({ length: count }, (_, index) => ({
    ...line,
    article: `A-${String(index).padStart(7, '0')}`,
  }));
  return JSON.stringify({ ...head, lines });
}
