import type { ActionPolicy, SignedInRequest } from 'authsignal-guard';
import type { EmulatorOptions } from 'authsignal-guard/emulator';
import { IsIn, IsInt, IsString, Min } from 'class-validator';

/** The outcomes of the bank's actions, as the portal would have them. */
export const ACTIONS: NonNullable<EmulatorOptions['actions']> = {
  createPayment: { outcome: 'CHALLENGE' },
  closeAccount: { outcome: 'CHALLENGE' },
  viewPayments: { outcome: 'ALLOW' },
  blockedAction: { outcome: 'BLOCK' },
  reviewedAction: { outcome: 'REVIEW' },
  ruledPayment: {
    outcome: 'ALLOW',
    rules: [
      {
        name: 'Large amount',
        conditions: { '>': [{ var: 'custom.amount' }, 1000] },
        outcome: 'CHALLENGE',
      },
    ],
  },
};

export class PaymentDto {
  @IsInt()
  @Min(1)
  amount!: number;

  @IsIn(['NZD', 'AUD'])
  currency!: string;

  @IsString()
  payee!: string;
}

export const paymentPolicy: ActionPolicy<PaymentDto, SignedInRequest> = {
  body: PaymentDto,
  bind: ({ body }) => ({ amount: body.amount, currency: body.currency, payee: body.payee }),
  attributes: ({ body }) => ({ custom: { amount: body.amount } }),
};

export const PAYMENT = { amount: 2_000, currency: 'NZD', payee: 'ann' };
