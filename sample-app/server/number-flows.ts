import type { WhatsAppLimits, WhatsAppOptions } from 'authsignal-guard/express';
import type { Bank } from '../bank/bank.js';
import type { BankRequest } from './bank-request.js';
import { sessionCookie, sessionCookieHeader } from './cookies.js';

/** What the bank does about numbers, the same in both frameworks. */
export function numberFlows(
  { phoneNumbers, sessions, users }: Pick<Bank, 'phoneNumbers' | 'sessions' | 'users'>,
  limits: WhatsAppLimits = {},
): WhatsAppOptions<BankRequest> {
  return {
    countries: ['NZ', 'AU'],
    defaultCountry: 'NZ',
    limits,
    enrollment: {},
    phoneNumber: {},
    verifiedNumber: {
      // From the bank's own records, where a number stands only after it was proven.
      resolve: ({ raw: { user } }) =>
        user?.phoneNumber === undefined ? undefined : { phoneNumber: user.phoneNumber },
    },
    signIn: {
      findOrCreateUser: ({ phoneNumber }) => phoneNumbers.findOrOpenAccount(phoneNumber),
      signedIn: ({ userId, phoneNumber, request: { raw }, setHeader }) => {
        // A sign-in can be finished minutes later, when the number may have moved on.
        if (!phoneNumbers.isOf(userId, phoneNumber)) {
          throw new Error('The number is not of this user any more.');
        }
        const cookie = sessions.open(userId, sessionCookie(raw));
        setHeader('set-cookie', sessionCookieHeader(raw, cookie));
        return { username: users.find(userId)?.username };
      },
    },
    onAuthenticatorChanged: ({ kind, userId, phoneNumber }) => {
      if (kind === 'verified_number') {
        // It came from our records just now and no code was answered: nothing moves.
        phoneNumbers.tell(userId, phoneNumber);
      } else {
        phoneNumbers.moveTo(userId, phoneNumber);
      }
    },
  };
}
