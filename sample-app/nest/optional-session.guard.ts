import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Sessions } from '../bank/sessions.js';
import { Users } from '../bank/users.js';
import { attachSession } from '../server/attach-session.js';
import type { BankRequest } from '../server/bank-request.js';

/** Lets everybody through, for a route that serves users and those who are about to sign in. */
@Injectable()
export class OptionalSessionGuard implements CanActivate {
  constructor(
    readonly sessions: Sessions,
    readonly users: Users,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    attachSession(context.switchToHttp().getRequest<BankRequest>(), this);
    return true;
  }
}
