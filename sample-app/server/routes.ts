/** What `GET /` answers. */
export const ROUTES = {
  'POST /login': 'username and password; a new device needs a WhatsApp code',
  'GET /me': 'who is signed in',
  'POST /payments': 'amount (in cents), currency (AUD or NZD) and payee; guarded',
  'GET /payments': "the signed-in user's own payments",
} as const;
