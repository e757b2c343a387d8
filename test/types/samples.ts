// Compiled by `npm run typecheck`, never run: what the documentation shows must compile as it stands.
import { Authsignal } from '@authsignal/node';
import {
  type Approval,
  createStepUpGate,
  MemoryReplayStore,
  type ReplayStore,
  type StepUpEvent,
  type StepUpGate,
} from 'authsignal-guard';
import { approvalOf, requireAction, stepUpErrorHandler } from 'authsignal-guard/express';
import { Approved, AuthsignalModule, RequireAction } from 'authsignal-guard/nest';
import { FakeAuthsignal, replayStoreChecks, TestClock } from 'authsignal-guard/testing';
import { IsInt, IsString } from 'class-validator';
import type { Express, Request } from 'express';

declare const apiSecretKey: string;
declare const apiUrl: string;
declare const sharedStore: ReplayStore;
declare const app: Express;
declare function it(name: string, run: () => Promise<void>): void;

class CreatePaymentDto {
  @IsInt()
  amount!: number;
  @IsString()
  currency!: string;
  @IsString()
  payee!: string;
}

export const module = AuthsignalModule.forRoot({
  apiSecretKey,
  apiUrl,
  subject: ({ raw }) => raw.user?.id,
  session: ({ raw }) => raw.sessionId,
  replayStore: sharedStore,
});

export const later = AuthsignalModule.forRootAsync({
  inject: ['CONFIG'],
  useFactory: async (config: { readonly secret: string }) => ({
    authsignal: new Authsignal({ apiSecretKey: config.secret, apiUrl }),
    subject: ({ raw }) => raw.user?.sub,
  }),
});

export class PaymentsController {
  @RequireAction('createPayment', {
    body: CreatePaymentDto,
    bind: ({ body }) => ({ amount: body.amount, currency: body.currency, payee: body.payee }),
    attributes: ({ body }) => ({ custom: { amount: body.amount } }),
  })
  create(@Approved('body') payment: CreatePaymentDto, @Approved() approval: Approval): string {
    return `${approval.by} ${approval.proofId} ${payment.payee}`;
  }
}

@RequireAction({
  oneOf: ['readStatement', 'readMany'],
  select: ({ query }) => (query.all === '1' ? 'readMany' : 'readStatement'),
})
export class StatementsController {}

export const gate: StepUpGate = createStepUpGate({
  apiSecretKey,
  subject: ({ raw }) => raw.user?.id,
  replayStore: new MemoryReplayStore({ maxKeys: 1_000 }),
  methods: ['WHATSAPP', 'PASSKEY'],
  requireChallenge: true,
  whenUnenrolled: 'deny',
  whenUnavailable: 'deny',
  mode: 'observe',
  returnProofOnFailure: true,
  maxProofAgeMs: 60_000,
  skip: async ({ ip }) => ip === '127.0.0.1',
  onEvent: (event) => console.log(wordsFor(event)),
});

app.post(
  '/payments',
  requireAction(gate, 'createPayment', {
    body: (raw) => ({ amount: Number(Object(raw).amount) }),
    bind: async ({ body }) => body.amount,
  }),
  (req: Request, res) => {
    const { body, by } = approvalOf<{ amount: number }>(req, 'createPayment');
    res.json({ amount: body.amount, by });
  },
);
app.use(stepUpErrorHandler);

/** The union can be told apart by its type. */
export function wordsFor(event: StepUpEvent): string {
  switch (event.type) {
    case 'action_tracked':
      return `${event.state} ${event.enrolled}`;
    case 'proof_refused':
      return event.reason;
    case 'authsignal_failed':
      return `${event.failure.kind} ${event.failure.retryAfterMs ?? 0}`;
    case 'approved':
      return `${event.by} ${event.verificationMethod ?? ''}`;
    default:
      return `${event.at} ${event.subject ?? ''}`;
  }
}

const clock = new TestClock();
export const faked = createStepUpGate({
  authsignal: new FakeAuthsignal(),
  secret: 'sixteen characters',
  clock,
});
for (const check of replayStoreChecks({
  store: () => new MemoryReplayStore({ clock }),
  pass: (ms) => clock.advance(ms),
})) {
  it(check.name, check.run);
}
