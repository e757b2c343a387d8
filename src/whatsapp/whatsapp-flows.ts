import type { ActionRequest } from '../core/action-request.js';
import type { FlowPurpose } from '../core/events.js';
import type { Step } from '../core/step.js';
import type { StepUpGate } from '../core/step-up-gate.js';
import { DEFAULT_ACTIONS } from './default-actions.js';
import { type FlowParts, flowParts } from './flow-parts.js';
import { NumberFlow } from './number-flow.js';
import type { WhatsAppOptions } from './options.js';
import { type RenderedFlow, renderFlow, renderSignedIn } from './render-flow.js';
import { ResendFlow } from './resend-flow.js';
import type { CodeOrder } from './send-code.js';
import { SignInFlow } from './sign-in-flow.js';
import { readStatus } from './status-flow.js';
import { VerifiedNumberFlow } from './verified-number-flow.js';

/** What can be asked of the flows; each is one route of an adapter. */
export type FlowRouteName =
  | 'status'
  | 'startEnrollment'
  | 'verifyEnrollment'
  | 'startPhoneNumber'
  | 'verifyPhoneNumber'
  | 'enrollVerifiedNumber'
  | 'startSignIn'
  | 'verifySignIn'
  | 'resend';

/** The flows that an application can switch on, by the names of their options. */
export const FLOW_NAMES = ['enrollment', 'phoneNumber', 'verifiedNumber', 'signIn'] as const;
export type FlowName = (typeof FLOW_NAMES)[number];

export type FlowHandler = (request: ActionRequest) => Promise<RenderedFlow>;

/** Each route's method and its path below the prefix. */
export const FLOW_ROUTES: Readonly<
  Record<FlowRouteName, { readonly method: 'get' | 'post'; readonly path: string }>
> = {
  status: { method: 'get', path: '/' },
  startEnrollment: { method: 'post', path: '/enrollment' },
  verifyEnrollment: { method: 'post', path: '/enrollment/verify' },
  startPhoneNumber: { method: 'post', path: '/phone-number' },
  verifyPhoneNumber: { method: 'post', path: '/phone-number/verify' },
  enrollVerifiedNumber: { method: 'post', path: '/verified-number' },
  startSignIn: { method: 'post', path: '/sign-in' },
  verifySignIn: { method: 'post', path: '/sign-in/verify' },
  resend: { method: 'post', path: '/resend' },
};

const optionsOf = new WeakMap<object, WhatsAppOptions<unknown>>();

/**
 * The flows of an application, of which only those exist whose options are given.
 *
 * @throws StepUpError `ERR_STEP_UP_OPTION`, with the option and the fix.
 */
export function whatsAppFlows<Raw>(
  gate: StepUpGate<Raw>,
  options: WhatsAppOptions<Raw>,
): ReadonlyMap<FlowRouteName, FlowHandler> {
  // From here on types are erased: the flows pass requests of this very gate.
  const given = options as WhatsAppOptions<unknown>;
  const parts = flowParts(gate as StepUpGate<unknown>, given);
  const routes = new Map<FlowRouteName, FlowHandler>();
  const route = (name: FlowRouteName, run: (request: ActionRequest) => Promise<Step<object>>) =>
    routes.set(name, async (request) => renderFlow(await run(request)));
  const { enrollment, phoneNumber, verifiedNumber, signIn } = flowsOf(parts);
  const orders = new Map<FlowPurpose, CodeOrder>();

  route('status', (request) => readStatus(parts, request));
  if (enrollment !== undefined) {
    orders.set('enrollment', enrollment.order);
    route('startEnrollment', (request) => enrollment.start(request));
    route('verifyEnrollment', (request) => enrollment.verify(request));
  }
  if (phoneNumber !== undefined) {
    orders.set('phone_number', phoneNumber.order);
    route('startPhoneNumber', (request) => phoneNumber.start(request));
    route('verifyPhoneNumber', (request) => phoneNumber.verify(request));
  }
  if (verifiedNumber !== undefined) {
    route('enrollVerifiedNumber', (request) => verifiedNumber.enroll(request));
  }
  if (signIn !== undefined) {
    orders.set('sign_in', signIn.order);
    route('startSignIn', (request) => signIn.start(request));
    routes.set('verifySignIn', async (request) => renderSignedIn(await signIn.verify(request)));
  }
  if (orders.size > 0) {
    const flow = new ResendFlow(parts, orders);
    route('resend', (request) => flow.resend(request));
  }
  optionsOf.set(routes, given);
  return routes;
}

/** What the application gave for these flows. */
export function givenOptions(
  routes: ReadonlyMap<FlowRouteName, FlowHandler>,
): WhatsAppOptions<unknown> | undefined {
  return optionsOf.get(routes);
}

/** The route of the flows with this method and path below the prefix. */
export function flowRouteOf(method: string, path: string): FlowRouteName | undefined {
  const names = Object.keys(FLOW_ROUTES) as FlowRouteName[];
  return names.find(
    (name) => FLOW_ROUTES[name].method === method.toLowerCase() && FLOW_ROUTES[name].path === path,
  );
}

interface Flows {
  readonly enrollment: NumberFlow | undefined;
  readonly phoneNumber: NumberFlow | undefined;
  readonly verifiedNumber: VerifiedNumberFlow | undefined;
  readonly signIn: SignInFlow | undefined;
}

function flowsOf(parts: FlowParts): Flows {
  const { enrollment, phoneNumber, verifiedNumber, signIn } = parts.given;
  return {
    enrollment:
      enrollment &&
      new NumberFlow(parts, {
        purpose: 'enrollment',
        action: enrollment.action ?? DEFAULT_ACTIONS.enrollment,
        whenUnenrolled: 'allow',
      }),
    phoneNumber:
      phoneNumber &&
      new NumberFlow(parts, {
        purpose: 'phone_number',
        action: phoneNumber.action ?? DEFAULT_ACTIONS.phoneNumber,
        whenUnenrolled: 'deny',
      }),
    verifiedNumber: verifiedNumber && new VerifiedNumberFlow(parts, verifiedNumber),
    signIn: signIn && new SignInFlow(parts, signIn),
  };
}
