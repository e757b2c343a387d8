import type { ActionRequest } from '../core/action-request.js';
import type { Step } from '../core/step.js';
import { completeSignIn, type SignedIn } from './complete-sign-in.js';
import { DEFAULT_ACTIONS } from './default-actions.js';
import { digitsOf, hasField, readField, readFields } from './flow-body.js';
import type { FlowParts } from './flow-parts.js';
import { FlowScope, NOBODY_YET } from './flow-scope.js';
import { openHandle } from './open-handle.js';
import type { SignInOptions } from './options.js';
import { readPhone } from './read-phone.js';
import type { HandleContent } from './sealed-handle.js';
import { type CodeOrder, type CodeSent, sendFirstCode } from './send-code.js';
import { useUpCompletion } from './use-up.js';
import { verifyCode } from './verify-code.js';

/**
 * Sign-in by phone number. Authsignal is asked the same for a known number and an unknown one; the
 * account is looked up only after the code was right.
 */
export class SignInFlow {
  readonly order: CodeOrder;
  readonly #parts: FlowParts;
  readonly #options: SignInOptions<unknown>;

  constructor(parts: FlowParts, options: SignInOptions<unknown>) {
    this.#parts = parts;
    this.#options = options;
    this.order = { action: options.action ?? DEFAULT_ACTIONS.signIn };
  }

  async start(request: ActionRequest): Promise<Step<CodeSent>> {
    const scope = this.#scope(request);
    const text = readField(scope, 'phoneNumber');
    if (!text.ok) {
      return text;
    }
    const phone = readPhone(scope, text.value);
    return phone.ok
      ? sendFirstCode(scope, this.order, {
          ...NOBODY_YET,
          purpose: 'sign_in',
          phoneNumber: phone.value,
          steppedUp: false,
          replaces: null,
        })
      : phone;
  }

  /** With a code; or, to finish what was incomplete, with the handle that was given for it. */
  async verify(request: ActionRequest): Promise<Step<SignedIn>> {
    const scope = this.#scope(request);
    const fields = readFields(scope, hasField(scope, 'code') ? ['handle', 'code'] : ['handle']);
    if (!fields.ok) {
      return fields;
    }
    const [handle = ''] = fields.value;
    const opened = await openHandle(scope, handle, 'sign_in', NOBODY_YET);
    if (!opened.ok) {
      return opened;
    }
    const ready = await this.#prove(scope, opened.value);
    return ready.ok ? completeSignIn(scope, this.#options, opened.value) : ready;
  }

  async #prove(scope: FlowScope, flow: HandleContent): Promise<Step<unknown>> {
    const { completion } = flow;
    if (completion === undefined) {
      const code = readField(scope, 'code');
      return code.ok ? verifyCode(scope, flow, digitsOf(code.value)) : code;
    }
    return useUpCompletion(scope, completion.id, flow.expiresAt);
  }

  #scope(request: ActionRequest): FlowScope {
    return new FlowScope(request, this.#parts, 'sign_in');
  }
}
