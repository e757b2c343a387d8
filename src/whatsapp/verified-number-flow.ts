import type { ActionRequest } from '../core/action-request.js';
import { callAuthsignal } from '../core/call-authsignal.js';
import { maskPhone } from '../core/redact.js';
import { proceed, refuse, type Step } from '../core/step.js';
import { announceChange, currentNumber } from './authenticator-change.js';
import { hasField } from './flow-body.js';
import { flowFailure } from './flow-failure.js';
import type { FlowParts } from './flow-parts.js';
import { FlowScope } from './flow-scope.js';
import type { VerifiedNumberOptions } from './options.js';
import { readPhone } from './read-phone.js';
import { flowAction } from './resolve-options.js';
import { AuthenticatorGate } from './step-up.js';

export interface NumberEnrolled {
  readonly enrolled: true;
  /** Masked. */
  readonly phoneNumber: string;
  /** Shown this once, where the tenant has them. */
  readonly recoveryCodes: readonly string[];
}

/** Enrolls a number that the application itself has verified; no code is sent. */
export class VerifiedNumberFlow {
  readonly #parts: FlowParts;
  readonly #options: VerifiedNumberOptions<unknown>;
  readonly #gate: AuthenticatorGate;

  constructor(parts: FlowParts, options: VerifiedNumberOptions<unknown>) {
    this.#parts = parts;
    this.#options = options;
    this.#gate = new AuthenticatorGate(parts.gate, {
      action: flowAction(options.action, 'enrollVerifiedNumber'),
      whenUnenrolled: 'allow',
    });
  }

  async enroll(request: ActionRequest): Promise<Step<NumberEnrolled>> {
    const scope = new FlowScope(request, this.#parts, 'verified_number');
    const user = await scope.identify();
    if (!user.ok) {
      return user;
    }
    const phone = await this.#resolve(scope);
    if (!phone.ok) {
      return phone;
    }
    const passed = await this.#gate.pass(scope, phone.value);
    if (!passed.ok) {
      return passed;
    }
    const { subject: userId } = user.value;
    const previous = passed.value.proven ? await currentNumber(scope, userId) : proceed(null);
    if (!previous.ok) {
      await passed.value.returnProof();
      return previous;
    }
    const result = await callAuthsignal('enrollVerifiedAuthenticator', () =>
      scope.options.port.enrollVerifiedAuthenticator({
        userId,
        verificationMethod: 'WHATSAPP',
        phoneNumber: phone.value,
      }),
    );
    if (!result.ok) {
      await passed.value.returnProof();
      return refuse(flowFailure(scope, result.failure));
    }
    await announceChange(scope, {
      kind: 'verified_number',
      userId,
      phoneNumber: phone.value,
      ...(previous.value === null ? {} : { previousPhoneNumber: previous.value }),
    });
    return proceed({
      enrolled: true,
      phoneNumber: maskPhone(phone.value),
      recoveryCodes: result.value.recoveryCodes ?? [],
    });
  }

  async #resolve(scope: FlowScope): Promise<Step<string>> {
    if (hasField(scope, 'phoneNumber')) {
      const detail = "must not be sent: the number comes from the application's own records";
      return refuse({ kind: 'invalid', errors: [{ pointer: '#/phoneNumber', detail }] });
    }
    const resolved = await scope.call('resolve', () => this.#options.resolve(scope.request));
    if (!resolved.ok) {
      return resolved;
    }
    const phoneNumber: unknown = resolved.value?.phoneNumber;
    if (typeof phoneNumber !== 'string') {
      scope.report({ type: 'phone_refused', why: 'invalid' });
      return refuse({ kind: 'phone_not_allowed' });
    }
    return readPhone(scope, phoneNumber);
  }
}
