import { Controller, Get, UseGuards } from '@nestjs/common';
import { type Account, accountOf } from '../bank/account.js';
import { Notices } from '../bank/notices.js';
import type { User } from '../bank/users.js';
import { CurrentUser } from './current-user.js';
import { SessionGuard } from './session.guard.js';

@Controller()
export class AccountController {
  constructor(private readonly notices: Notices) {}

  @Get('me')
  @UseGuards(SessionGuard)
  me(@CurrentUser() user: User): Account {
    return accountOf(user, this.notices.of(user.id));
  }
}
