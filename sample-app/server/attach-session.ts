import type { Bank } from '../bank/bank.js';
import type { BankRequest } from './bank-request.js';
import { sessionCookie } from './cookies.js';

/** Finds out who is signed in, for the handlers and for the gate. @returns whether anybody is. */
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
  req.user = user;
  req.sessionId = session.id;
  return true;
}
