import type { Request } from 'express';
import type { User } from '../bank/users.js';

/** A request with what signing in has found out. The gate reads both names. */
export interface BankRequest extends Request {
  user?: User;
  sessionId?: string;
}
