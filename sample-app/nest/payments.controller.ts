import { ConflictException, Controller, Get, Post, UseGuards } from '@nestjs/common';
import type { Approval } from 'authsignal-guard';
import { Approved, RequireAction } from 'authsignal-guard/nest';
import { CreatePaymentDto } from '../bank/create-payment.dto.js';
import { type Payment, Payments } from '../bank/payments.js';
import type { User } from '../bank/users.js';
import { CurrentUser } from './current-user.js';
import { SessionGuard } from './session.guard.js';

@Controller('payments')
@UseGuards(SessionGuard)
export class PaymentsController {
  constructor(private readonly payments: Payments) {}

  @Post()
  @RequireAction('createPayment', {
    body: CreatePaymentDto,
    bind: ({ body: { amount, currency, payee } }) => ({ amount, currency, payee }),
    attributes: ({ body: { amount, currency, payee } }) => ({
      custom: { amount, currency, payee },
    }),
  })
  create(@CurrentUser() user: User, @Approved() approval: Approval<CreatePaymentDto>): Payment {
    const payment = this.payments.add(user.id, approval);
    if (payment === undefined) {
      throw new ConflictException('This approval was used for another payment.');
    }
    return payment;
  }

  @Get()
  list(@CurrentUser() user: User): readonly Payment[] {
    return this.payments.of(user.id);
  }
}
