import { Controller, Injectable, Module, Post } from '@nestjs/common';
import { AuthsignalModule, RequireAction } from 'authsignal-guard/nest';

@Injectable()
export class Ledger {
  readonly entries: string[] = [];
}

/** Its ledger is found by its type alone: by what the compiler writes about decorated classes. */
@Controller()
class TransfersController {
  constructor(private readonly ledger: Ledger) {}

  @Post('payments')
  @RequireAction('createPayment', {
    body: (raw: unknown) => ({ amount: Number(Object(raw).amount) }),
    bind: ({ body }) => ({ amount: body.amount }),
    attributes: ({ body }) => ({ custom: { amount: body.amount } }),
  })
  pay() {
    this.ledger.entries.push('payment');
    return {};
  }

  @Post('payees')
  @RequireAction('addPayee')
  add() {
    this.ledger.entries.push('payee');
    return {};
  }
}

@Module({
  imports: [AuthsignalModule.forRoot({ apiSecretKey: 'from your vault', subject: () => 'ann' })],
  controllers: [TransfersController],
  providers: [Ledger],
})
export class AppModule {}
