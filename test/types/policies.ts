// Compiled by `npm run typecheck`, never run: each `@ts-expect-error` is a mistake that must not compile.
import {
  type ActionRequest,
  createStepUpGate,
  type ReplayStore,
  StepUpGate,
} from 'authsignal-guard';
import { requireAction } from 'authsignal-guard/express';
import { RequireAction } from 'authsignal-guard/nest';

class PaymentDto {
  amount = 0;
  payee = '';
}

interface Session {
  readonly account: { readonly id: string };
}

declare const gate: StepUpGate;
declare const sessions: StepUpGate<Session>;
declare const request: ActionRequest<unknown, { user?: { id: string } }>;
declare const sessionRequest: ActionRequest<unknown, Session>;

// `body` types what `bind` and `attributes` see, and what `require` returns.
RequireAction('pay', { body: PaymentDto, bind: ({ body }) => body.amount });
// @ts-expect-error the DTO has no such field
RequireAction('pay', { body: PaymentDto, bind: ({ body }) => body.amounts });
RequireAction('pay', {
  body: (raw) => ({ total: String(raw) }),
  bind: ({ body }) => body.total.length,
  attributes: ({ body }) => ({ custom: { total: body.total } }),
});
// @ts-expect-error what the reader returns has no such field
requireAction(gate, 'pay', { body: () => ({ total: 1 }), bind: ({ body }) => body.amount });
export async function approved(): Promise<number> {
  const { body } = await gate.require(request, { action: 'pay', body: PaymentDto });
  // @ts-expect-error the DTO has no such field
  const _none = body.amounts;
  return body.amount;
}

// Without a `body` nothing is known of it.
// @ts-expect-error unknown until it is validated
RequireAction('pay', { bind: ({ body }) => body.amount });

// An action is a literal or a choice among literals: a client must not be able to steer its name.
// @ts-expect-error a free function
RequireAction((request: ActionRequest) => String(request.query.action));
// @ts-expect-error a free function
requireAction(gate, ({ query }) => String(query.action));
// @ts-expect-error a choice without a way to choose
RequireAction({ oneOf: ['pay'] });
// @ts-expect-error a way to choose without a choice
RequireAction({ select: () => 'pay' });

// What `track` is told can be neither the key, the scope nor the user.
// @ts-expect-error the binding's own
RequireAction('pay', { attributes: () => ({ idempotencyKey: 'key' }) });
// @ts-expect-error would let a session enroll authenticators
RequireAction('pay', { attributes: () => ({ scope: 'add:authenticators' }) });
// @ts-expect-error the subject's own
RequireAction('pay', { attributes: () => ({ userId: 'alice' }) });
// @ts-expect-error not among the attributes
RequireAction('pay', { attributes: () => ({ phone: '+64211234567' }) });

// What is bound is plain data.
// @ts-expect-error a Date is no plain data
RequireAction('pay', { bind: () => ({ at: new Date() }) });
// @ts-expect-error a Map is no plain data
RequireAction('pay', { bind: () => new Map([['amount', 1]]) });
// @ts-expect-error bigint has no JSON
RequireAction('pay', { bind: () => 1n });
// @ts-expect-error nothing would be bound
RequireAction('pay', { bind: () => undefined });

// Names and values that do not exist.
// @ts-expect-error no such field
RequireAction('pay', { requiresChallenge: true });
// @ts-expect-error no such value
RequireAction('pay', { whenUnenrolled: 'ask' });
// @ts-expect-error the session is the gate's
RequireAction('pay', { session: () => 'sid' });
// @ts-expect-error no such option
createStepUpGate({ apiSecretKey: 'key', store: undefined });
// @ts-expect-error no store of used proofs
createStepUpGate({ apiSecretKey: 'key', replayStore: new Map() });
// @ts-expect-error neither an instance nor a port
createStepUpGate({ authsignal: { track: () => undefined }, secret: 'sixteen characters' });
// @ts-expect-error made by createStepUpGate
export const handmade = new StepUpGate();

// The gate's own request type reaches the callbacks.
export const typed = createStepUpGate<Session>({
  apiSecretKey: 'key',
  subject: ({ raw }) => raw.account.id,
});
requireAction(sessions, 'pay', { subject: ({ raw }) => raw.account.id });
// @ts-expect-error the session has no user
requireAction(sessions, 'pay', { subject: ({ raw }) => raw.user });
export const passed = sessions.evaluate(sessionRequest, { action: 'pay' });
// @ts-expect-error a request of another type
export const refused = sessions.evaluate(request, { action: 'pay' });

// A store may answer at once or later, but with a boolean.
export const immediate: ReplayStore = { burn: () => true, restore: () => undefined };
export const delayed: ReplayStore = { burn: async () => true, restore: async () => undefined };
// @ts-expect-error Redis's own answer is no boolean
export const unfit: ReplayStore = { burn: async () => 'OK', restore: async () => undefined };

/** A verdict is told apart by its kind, and only an approval carries one. */
export async function kinds(): Promise<string> {
  const verdict = await gate.evaluate(request, { action: 'pay' });
  // @ts-expect-error not before the kind is known
  const _early = verdict.approval;
  switch (verdict.kind) {
    case 'approved':
      return verdict.approval.action;
    case 'challenge':
      return verdict.challenge.token;
    case 'unavailable':
      return String(verdict.retryAfterMs);
    default:
      return verdict.kind;
  }
}
