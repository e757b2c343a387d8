import {
  type CanActivate,
  type ExecutionContext,
  Injectable,
  UnauthorizedException,
} from '@nestjs/common';
import { Sessions } from '../bank/sessions.js';
import { Users } from '../bank/users.js';
import { attachSession } from '../server/attach-session.js';
import type { BankRequest } from '../server/bank-request.js';

/** Lets through who is signed in. */
@Injectable()
export class SessionGuard implements CanActivate {
  constructor(
    readonly sessions: Sessions,
    readonly users: Users,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<BankRequest>();
    if (!attachSession(request, this)) {
      throw new UnauthorizedException('Sign in first.');
    }
    return true;
  }
}
