import type { RequestHandler } from 'express';
import type { Bank } from '../bank/bank.js';
import type { User } from '../bank/users.js';
import { attachSession } from '../server/attach-session.js';
import type { BankRequest } from '../server/bank-request.js';

/** Lets through who is signed in. */
export function requireSession(bank: Bank): RequestHandler {
  return (req: BankRequest, res, next) => {
    if (attachSession(req, bank)) {
      next();
    } else {
      res.status(401).json({ message: 'Sign in first.' });
    }
  };
}

/** Lets everybody through, for routes that serve users and those who are about to sign in. */
export function optionalSession(bank: Bank): RequestHandler {
  return (req: BankRequest, _res, next) => {
    attachSession(req, bank);
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
