import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { User } from '../bank/users.js';
import type { BankRequest } from '../server/bank-request.js';

/** Who is signed in, behind the `SessionGuard`. */
export const CurrentUser = createParamDecorator(
  (_: undefined, context: ExecutionContext): User | undefined =>
    context.switchToHttp().getRequest<BankRequest>().user,
);
