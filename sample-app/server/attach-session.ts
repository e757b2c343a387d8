import type { Bank } from '../bank/bank.js';
import type { BankRequest } from './bank-request.js';
import { sessionCookie } from './cookies.js';

/**
 * Names the account that a page shows. All tabs of a browser share the cookie, so another one may have signed in as
 * somebody else since.
 */
const SHOWN_ACCOUNT = 'x-account';

/**
 * Finds out who is signed in, for the handlers and for the gate. Nobody is where the page shows somebody else.
 *
 * @returns whether anybody is.
 */
export function attachSession(
  req: BankRequest,
  { sessions, users }: Pick<Bank, 'sessions' | 'users'>,
): boolean {
  const cookie = sessionCookie(req);
  const session = cookie === undefined ? undefined : sessions.find(cookie);
  const user = session === undefined ? undefined : users.find(session.userId);
  if (session === undefined || user === undefined) {
    return false;
  }
  if ((req.get(SHOWN_ACCOUNT) ?? user.id) !== user.id) {
    return false;
  }
  req.user = user;
  req.sessionId = session.id;
  return true;
}
