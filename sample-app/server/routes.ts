/** What `GET /routes` answers. */
export const ROUTES = {
  'GET /': 'the page',
  'GET /config': 'what the page needs for the Web SDK',
  'POST /login': 'username and password; a new device needs a WhatsApp code',
  'POST /logout': 'ends the session',
  'GET /me': 'who is signed in, and what they were told by letter',
  'POST /payments': 'amount (in cents), currency (AUD or NZD) and payee; guarded',
  'GET /payments': "the signed-in user's own payments",
  'GET /whatsapp': 'whether codes can be sent, and where to',
  'POST /whatsapp/enrollment': 'phoneNumber; sends a code to a first number',
  'POST /whatsapp/enrollment/verify': 'handle and code',
  'POST /whatsapp/phone-number': 'phoneNumber; the old number confirms, the new one gets a code',
  'POST /whatsapp/phone-number/verify': 'handle and code',
  'POST /whatsapp/verified-number': 'enrolls the number that the bank has verified itself',
  'POST /whatsapp/sign-in': 'phoneNumber; sends a code to anybody',
  'POST /whatsapp/sign-in/verify': 'handle and code; signs in, or opens an account',
  'POST /whatsapp/resend': 'handle; sends the code again',
} as const;
