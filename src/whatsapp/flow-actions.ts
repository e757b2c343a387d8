import type { ActionPolicy } from '../core/policy.js';
import { DEFAULT_ACTIONS } from './default-actions.js';
import { authenticatorPolicy } from './step-up.js';
import { type FlowHandler, type FlowRouteName, givenOptions } from './whatsapp-flows.js';

/** What Authsignal is told on a route of the flows. */
export interface FlowAction {
  readonly action: string;
  /** What the user steps up by first; without one the action only names the message. */
  readonly policy?: ActionPolicy;
}

/** The actions of those routes that have one, for whoever lists them. */
export function flowActions(
  routes: ReadonlyMap<FlowRouteName, FlowHandler>,
): Readonly<Partial<Record<FlowRouteName, FlowAction>>> {
  const { enrollment, phoneNumber, verifiedNumber, signIn } = givenOptions(routes) ?? {};
  const gated = (action: string, whenUnenrolled: 'allow' | 'deny'): FlowAction => ({
    action,
    policy: authenticatorPolicy({ action, whenUnenrolled }),
  });
  return {
    ...(enrollment && {
      startEnrollment: gated(enrollment.action ?? DEFAULT_ACTIONS.enrollment, 'allow'),
    }),
    ...(phoneNumber && {
      startPhoneNumber: gated(phoneNumber.action ?? DEFAULT_ACTIONS.phoneNumber, 'deny'),
    }),
    ...(verifiedNumber && {
      enrollVerifiedNumber: gated(verifiedNumber.action ?? DEFAULT_ACTIONS.verifiedNumber, 'allow'),
    }),
    ...(signIn && { startSignIn: { action: signIn.action ?? DEFAULT_ACTIONS.signIn } }),
  };
}
