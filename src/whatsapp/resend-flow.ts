import type { ActionRequest } from '../core/action-request.js';
import type { FlowPurpose } from '../core/events.js';
import { proceed, type Step } from '../core/step.js';
import { readField } from './flow-body.js';
import type { FlowParts } from './flow-parts.js';
import { FlowScope, type FlowUser, NOBODY_YET } from './flow-scope.js';
import { flowStanding } from './flow-standing.js';
import { readHandle, refuseHandle } from './open-handle.js';
import type { HandleContent } from './sealed-handle.js';
import { type CodeOrder, type CodeSent, sendAgain } from './send-code.js';

/** Sends the code of a flow again, as often as the limits allow. */
export class ResendFlow {
  readonly #parts: FlowParts;
  readonly #orders: ReadonlyMap<FlowPurpose, CodeOrder>;

  /** @param orders what each flow that is switched on asks of Authsignal. */
  constructor(parts: FlowParts, orders: ReadonlyMap<FlowPurpose, CodeOrder>) {
    this.#parts = parts;
    this.#orders = orders;
  }

  async resend(request: ActionRequest): Promise<Step<CodeSent>> {
    const unknown = new FlowScope(request, this.#parts, undefined);
    const handle = readField(unknown, 'handle');
    if (!handle.ok) {
      return handle;
    }
    const opened = await readHandle(unknown, handle.value);
    if (!opened.ok) {
      return opened;
    }
    const flow = opened.value;
    const order = this.#orders.get(flow.purpose);
    const scope = new FlowScope(request, this.#parts, flow.purpose);
    if (order === undefined || flow.completion !== undefined) {
      return refuseHandle(scope, 'foreign');
    }
    return this.#sendTo(scope, flow, order);
  }

  async #sendTo(scope: FlowScope, flow: HandleContent, order: CodeOrder): Promise<Step<CodeSent>> {
    const user = await this.#userOf(scope, flow);
    if (!user.ok) {
      return user;
    }
    const { subject, session } = user.value;
    if (flow.subject !== subject || flow.session !== session) {
      return refuseHandle(scope, 'foreign');
    }
    const over = await scope.ask(this.#parts.attempts.isOver(flow.flowId));
    if (!over.ok) {
      return over;
    }
    if (over.value) {
      return refuseHandle(scope, 'used');
    }
    // A message for a flow that can no longer succeed would be paid for nothing.
    const standing =
      subject === null ? proceed('open' as const) : await flowStanding(scope, subject, flow);
    if (!standing.ok) {
      return standing;
    }
    return standing.value === 'open'
      ? sendAgain(scope, order, flow)
      : refuseHandle(scope, 'unproven');
  }

  async #userOf(scope: FlowScope, flow: HandleContent): Promise<Step<FlowUser>> {
    return flow.purpose === 'sign_in' ? proceed(NOBODY_YET) : scope.identify();
  }
}
