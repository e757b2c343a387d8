import 'reflect-metadata';
import { Controller, type DynamicModule, Post } from '@nestjs/common';
import type { Approval } from 'authsignal-guard';
import { Approved, AuthsignalModule, RequireAction } from 'authsignal-guard/nest';
import { IsInt, IsString } from 'class-validator';
import type { Settings } from './story.js';

class CreatePayment {
  @IsInt()
  amount!: number;
  @IsString()
  payee!: string;
}

@Controller('payments')
class PaymentsController {
  @Post()
  @RequireAction('createPayment', {
    body: CreatePayment,
    bind: ({ body }) => ({ amount: body.amount, payee: body.payee }),
  })
  create(@Approved('body') payment: CreatePayment, @Approved() approval: Approval) {
    return { ...payment, approvedBy: approval.by };
  }
}

class AppModule {}

export function appModule(settings: Settings): DynamicModule {
  return {
    module: AppModule,
    imports: [AuthsignalModule.forRoot({ ...settings, subject: () => 'ann' })],
    controllers: [PaymentsController],
  };
}
