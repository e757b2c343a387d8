import type { ActionRequest } from '../core/action-request.js';
import { maskPhone } from '../core/redact.js';
import { proceed, type Step } from '../core/step.js';
import { announceChange } from './authenticator-change.js';
import { currentNumber } from './current-authenticators.js';
import { digitsOf, readField, readFields } from './flow-body.js';
import type { FlowParts } from './flow-parts.js';
import { FlowScope } from './flow-scope.js';
import { flowStanding } from './flow-standing.js';
import { openHandle, refuseHandle } from './open-handle.js';
import { readPhone } from './read-phone.js';
import type { HandleContent } from './sealed-handle.js';
import { type CodeOrder, type CodeSent, sendFirstCode } from './send-code.js';
import { AuthenticatorGate } from './step-up.js';
import { useUpFlow } from './use-up.js';
import { withUserLock } from './user-lock.js';
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
    const replaces = await currentNumber(scope, user.value.subject);
    if (!replaces.ok) {
      return replaces;
    }
    const change = { phoneNumber: phone.value, replaces: replaces.value };
    const passed = await this.#gate.pass(scope, change);
    if (!passed.ok) {
      return passed;
    }
    const { proven: steppedUp, returnProof } = passed.value;
    const { purpose } = this.#kind;
    const beginning = { ...user.value, ...change, purpose, steppedUp };
    const sent = await sendFirstCode(scope, this.order, beginning);
    if (!sent.ok) {
      await returnProof();
    }
    return sent;
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
    return withUserLock(scope, subject, () =>
      this.#finish(scope, subject, flow.value, digitsOf(code)),
    );
  }

  async #finish(
    scope: FlowScope,
    userId: string,
    flow: HandleContent,
    code: string,
  ): Promise<Step<NumberVerified>> {
    const standing = await flowStanding(scope, userId, flow);
    if (!standing.ok) {
      return standing;
    }
    if (standing.value === 'gone') {
      return refuseHandle(scope, 'unproven');
    }
    if (standing.value === 'arrived') {
      return this.#settle(scope, userId, flow);
    }
    const verified = await verifyCode(scope, flow, code);
    if (verified.ok) {
      return this.#changed(scope, userId, flow);
    }
    const lost = verified.verdict.kind === 'unavailable';
    const now = lost ? await flowStanding(scope, userId, flow) : verified;
    return now.ok && now.value === 'arrived' ? this.#settle(scope, userId, flow) : verified;
  }

  /**
   * The number is there, though its answer was lost or the store of used flows cannot tell: its
   * owner must hear of it, and once. Under the user's lock nobody else tells it meanwhile.
   */
  async #settle(
    scope: FlowScope,
    userId: string,
    flow: HandleContent,
  ): Promise<Step<NumberVerified>> {
    const used = await useUpFlow(scope, flow);
    const wasUsed = !used.ok && used.verdict.kind === 'handle_invalid';
    return wasUsed ? used : this.#changed(scope, userId, flow);
  }

  async #changed(
    scope: FlowScope,
    userId: string,
    { phoneNumber, replaces }: HandleContent,
  ): Promise<Step<NumberVerified>> {
    await announceChange(scope, {
      kind: this.#kind.purpose,
      userId,
      phoneNumber,
      ...(replaces === null ? {} : { previousPhoneNumber: replaces }),
    });
    return proceed({ enrolled: true, phoneNumber: maskPhone(phoneNumber) });
  }

  #scope(request: ActionRequest): FlowScope {
    return new FlowScope(request, this.#parts, this.#kind.purpose);
  }
}
