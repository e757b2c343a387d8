import type { ActionRequest } from '../core/action-request.js';
import { callAuthsignal } from '../core/call-authsignal.js';
import { maskPhone } from '../core/redact.js';
import { proceed, refuse, type Step } from '../core/step.js';
import { unavailable } from '../core/unavailable.js';
import { announceChange } from './authenticator-change.js';
import { currentNumber } from './current-authenticators.js';
import { DEFAULT_ACTIONS } from './default-actions.js';
import { foreignBody, hasField, unreadBody } from './flow-body.js';
import { flowFailure } from './flow-failure.js';
import type { FlowParts } from './flow-parts.js';
import { FlowScope } from './flow-scope.js';
import { flowStanding } from './flow-standing.js';
import type { VerifiedNumberOptions } from './options.js';
import { readPhone } from './read-phone.js';
import { AuthenticatorGate, type NumberChange } from './step-up.js';
import { withUserLock } from './user-lock.js';

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
      action: options.action ?? DEFAULT_ACTIONS.verifiedNumber,
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
    const { subject } = user.value;
    const replaces = await currentNumber(scope, subject);
    if (!replaces.ok) {
      return replaces;
    }
    const change = { phoneNumber: phone.value, replaces: replaces.value };
    if (change.replaces === change.phoneNumber) {
      return proceed(enrolled(change.phoneNumber));
    }
    const passed = await this.#gate.pass(scope, change);
    if (!passed.ok) {
      return passed;
    }
    const { proven, returnProof } = passed.value;
    const done = await withUserLock(scope, subject, () =>
      this.#change(scope, subject, change, proven),
    );
    if (!done.ok) {
      await returnProof();
    }
    return done;
  }

  async #change(
    scope: FlowScope,
    userId: string,
    { phoneNumber, replaces }: NumberChange,
    steppedUp: boolean,
  ): Promise<Step<NumberEnrolled>> {
    const standing = await flowStanding(scope, userId, { phoneNumber, replaces, steppedUp });
    if (!standing.ok) {
      return standing;
    }
    if (standing.value !== 'open') {
      // Something else was faster. What it left has to be looked at anew, by the gate as well.
      return refuse(unavailable({ retryAfterMs: 1_000 }));
    }
    const result = await callAuthsignal('enrollVerifiedAuthenticator', () =>
      scope.options.port.enrollVerifiedAuthenticator({
        userId,
        verificationMethod: 'WHATSAPP',
        phoneNumber,
      }),
    );
    if (!result.ok) {
      const verdict = flowFailure(scope, result.failure);
      const now = await flowStanding(scope, userId, { phoneNumber, replaces, steppedUp });
      if (!now.ok || now.value !== 'arrived') {
        return refuse(verdict);
      }
    }
    await announceChange(scope, {
      kind: 'verified_number',
      userId,
      phoneNumber,
      ...(replaces === null ? {} : { previousPhoneNumber: replaces }),
    });
    return proceed(enrolled(phoneNumber, result.ok ? result.value.recoveryCodes : undefined));
  }

  async #resolve(scope: FlowScope): Promise<Step<string>> {
    const foreign = foreignBody(scope) ?? unreadBody(scope);
    if (foreign !== undefined) {
      return foreign;
    }
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

function enrolled(phoneNumber: string, recoveryCodes: readonly string[] = []): NumberEnrolled {
  return { enrolled: true, phoneNumber: maskPhone(phoneNumber), recoveryCodes };
}
