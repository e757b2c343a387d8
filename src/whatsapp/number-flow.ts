import type { ActionRequest } from '../core/action-request.js';
import { callAuthsignal } from '../core/call-authsignal.js';
import { maskPhone } from '../core/redact.js';
import { proceed, refuse, type Step } from '../core/step.js';
import { unavailable } from '../core/unavailable.js';
import { announceChange, currentNumber } from './authenticator-change.js';
import { digitsOf, readField, readFields } from './flow-body.js';
import { flowFailure } from './flow-failure.js';
import type { FlowParts } from './flow-parts.js';
import { FlowScope, type FlowUser } from './flow-scope.js';
import { openHandle, refuseHandle } from './open-handle.js';
import { readPhone } from './read-phone.js';
import type { HandleContent } from './sealed-handle.js';
import { type CodeOrder, type CodeSent, sendFirstCode } from './send-code.js';
import { AuthenticatorGate } from './step-up.js';
import { verifyCode } from './verify-code.js';

/** What enrollment and the change of a number differ in. */
export interface NumberFlowKind {
  readonly purpose: 'enrollment' | 'phone_number';
  readonly action: string;
  /** Whether somebody without an authenticator may begin: the first one is free. */
  readonly whenUnenrolled: 'allow' | 'deny';
}

export interface NumberVerified {
  readonly enrolled: true;
  /** Masked. */
  readonly phoneNumber: string;
}

/** How long a first enrollment keeps others of the same user out, should its process die. */
const LOCK_MS = 30_000;

/**
 * Enrollment of a number, or its change: step-up with the old factor where there is one, then a
 * code to the new number.
 */
export class NumberFlow {
  readonly order: CodeOrder;
  readonly #parts: FlowParts;
  readonly #kind: NumberFlowKind;
  readonly #gate: AuthenticatorGate;

  constructor(parts: FlowParts, kind: NumberFlowKind) {
    this.#parts = parts;
    this.#kind = kind;
    this.order = { action: kind.action };
    this.#gate = new AuthenticatorGate(parts.gate, kind);
  }

  async start(request: ActionRequest): Promise<Step<CodeSent>> {
    const scope = this.#scope(request);
    const text = readField(scope, 'phoneNumber');
    if (!text.ok) {
      return text;
    }
    const user = await scope.identify();
    if (!user.ok) {
      return user;
    }
    const phone = readPhone(scope, text.value);
    if (!phone.ok) {
      return phone;
    }
    const passed = await this.#gate.pass(scope, phone.value);
    if (!passed.ok) {
      return passed;
    }
    const sent = await this.#send(scope, user.value, phone.value, passed.value.proven);
    if (!sent.ok) {
      await passed.value.returnProof();
    }
    return sent;
  }

  async #send(
    scope: FlowScope,
    user: FlowUser & { readonly subject: string },
    phoneNumber: string,
    steppedUp: boolean,
  ): Promise<Step<CodeSent>> {
    const replaces = steppedUp ? await currentNumber(scope, user.subject) : proceed(null);
    if (!replaces.ok) {
      return replaces;
    }
    return sendFirstCode(scope, this.order, {
      ...user,
      purpose: this.#kind.purpose,
      phoneNumber,
      steppedUp,
      replaces: replaces.value,
    });
  }

  async verify(request: ActionRequest): Promise<Step<NumberVerified>> {
    const scope = this.#scope(request);
    const fields = readFields(scope, ['handle', 'code']);
    if (!fields.ok) {
      return fields;
    }
    const user = await scope.identify();
    if (!user.ok) {
      return user;
    }
    const [handle = '', code = ''] = fields.value;
    const flow = await openHandle(scope, handle, this.#kind.purpose, user.value);
    if (!flow.ok) {
      return flow;
    }
    const { subject } = user.value;
    return flow.value.steppedUp
      ? this.#finishApproved(scope, subject, flow.value, code)
      : this.#finishFirst(scope, subject, flow.value, code);
  }

  /** What the old number has approved ends with it: it may be another one's since. */
  async #finishApproved(
    scope: FlowScope,
    subject: string,
    flow: HandleContent,
    code: string,
  ): Promise<Step<NumberVerified>> {
    const current = await currentNumber(scope, subject);
    if (!current.ok) {
      return current;
    }
    return current.value === flow.replaces
      ? this.#finish(scope, subject, flow, code)
      : refuseHandle(scope, 'unproven');
  }

  /**
   * A handle that was begun without the old factor ends with a first authenticator or not at all,
   * also when two of them arrive at once.
   */
  async #finishFirst(
    scope: FlowScope,
    subject: string,
    flow: HandleContent,
    code: string,
  ): Promise<Step<NumberVerified>> {
    const lock = `first-authenticator:${subject}`;
    const locked = await scope.burn(lock, LOCK_MS);
    if (!locked.ok) {
      return locked;
    }
    if (!locked.value) {
      return refuse(unavailable({ retryAfterMs: 1_000 }));
    }
    try {
      const user = await callAuthsignal('getUser', () =>
        scope.options.port.getUser({ userId: subject }),
      );
      if (!user.ok) {
        return refuse(flowFailure(scope, user.failure));
      }
      return user.value.isEnrolled
        ? refuseHandle(scope, 'unproven')
        : await this.#finish(scope, subject, flow, code);
    } finally {
      await scope.release(lock);
    }
  }

  async #finish(
    scope: FlowScope,
    userId: string,
    flow: HandleContent,
    code: string,
  ): Promise<Step<NumberVerified>> {
    const verified = await verifyCode(scope, flow, digitsOf(code));
    if (!verified.ok) {
      return verified;
    }
    const { phoneNumber } = verified.value;
    await announceChange(scope, {
      kind: this.#kind.purpose,
      userId,
      phoneNumber,
      ...(flow.replaces === null ? {} : { previousPhoneNumber: flow.replaces }),
    });
    return proceed({ enrolled: true, phoneNumber: maskPhone(phoneNumber) });
  }

  #scope(request: ActionRequest): FlowScope {
    return new FlowScope(request, this.#parts, this.#kind.purpose);
  }
}
