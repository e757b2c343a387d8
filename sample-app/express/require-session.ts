import type { RequestHandler } from 'express';
import type { Bank } from '../bank/bank.js';
import type { User } from '../bank/users.js';
import type { BankRequest } from '../server/bank-request.js';
import { sessionCookie } from '../server/cookies.js';

/** Finds out who is signed in, for the handlers and for the gate. */
export function requireSession(bank: Bank): RequestHandler {
  return (req: BankRequest, res, next) => {
    const cookie = sessionCookie(req);
    const session = cookie === undefined ? undefined : bank.sessions.find(cookie);
    const user = session === undefined ? undefined : bank.users.find(session.userId);
    if (session === undefined || user === undefined) {
      res.status(401).json({ message: 'Sign in first.' });
      return;
    }
    req.user = user;
    req.sessionId = session.id;
    next();
  };
}

/** Who is signed in, behind `requireSession`. */
export function userOf({ user }: BankRequest): User {
  if (user === undefined) {
    throw new Error('Put requireSession before this handler.');
  }
  return user;
}
