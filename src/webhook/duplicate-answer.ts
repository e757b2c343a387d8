/** What a duplicate is answered, the same on every platform: to the sender all is well. */
export const DUPLICATE_ANSWER = Object.freeze({
  status: 200,
  headers: Object.freeze({
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
  }),
  text: JSON.stringify({ received: true, duplicate: true }),
});
