import {
  type CanActivate,
  type ExecutionContext,
  Injectable,
  UnauthorizedException,
} from '@nestjs/common';
import { Sessions } from '../bank/sessions.js';
import { Users } from '../bank/users.js';
import type { BankRequest } from '../server/bank-request.js';
import { sessionCookie } from '../server/cookies.js';

/** Finds out who is signed in, for the handlers and for the gate. */
@Injectable()
export class SessionGuard implements CanActivate {
  constructor(
    private readonly sessions: Sessions,
    private readonly users: Users,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<BankRequest>();
    const cookie = sessionCookie(request);
    const session = cookie === undefined ? undefined : this.sessions.find(cookie);
    const user = session === undefined ? undefined : this.users.find(session.userId);
    if (session === undefined || user === undefined) {
      throw new UnauthorizedException('Sign in first.');
    }
    request.user = user;
    request.sessionId = session.id;
    return true;
  }
}
