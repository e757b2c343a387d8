import { PATH_METADATA } from '@nestjs/common/constants.js';
import type { ApplicationConfig } from '@nestjs/core';
import { mergePolicies } from '../../core/resolve-policy.js';
import type { StepUpGate } from '../../core/step-up-gate.js';
import { actionsOf, type FoundRoute, listedPolicy } from '../../inventory/found-route.js';
import type { ListedAction } from '../../inventory/listed-action.js';
import { type FlowAction, flowActions } from '../../whatsapp/flow-actions.js';
import { type FlowRouteName, flowRouteOf } from '../../whatsapp/whatsapp-flows.js';
import { classPolicies, effectivePolicy, methodPolicy } from '../action-metadata.js';
import { effectiveWebhook } from '../webhook/webhook-metadata.js';
import { WHATSAPP_FLOWS, type WhatsAppFlowHandlers } from '../whatsapp/whatsapp-flows.token.js';
import { guardOrder } from './guard-order.js';
import type { HandlerRoute } from './handler-routes.js';

type Guarding = Pick<ListedAction, 'kind' | 'actions' | 'policy'>;
type Layers = NonNullable<FoundRoute['layers']>;

/** What stands before the handler of a route, for each of its paths; nothing where it is open. */
export function foundRoutes(
  gate: StepUpGate<never>,
  config: ApplicationConfig,
  route: HandlerRoute,
  isParsed: boolean | undefined,
): readonly FoundRoute[] {
  const guarding = guardingOf(gate, route);
  if (guarding === undefined) {
    return [];
  }
  const { controller, found, method, host, version } = route;
  const { names, isGated, afterGate } = guardOrder(config, controller, found.handler);
  const layers = layersOf(route);
  const place = `${controller.name}.${found.name}`;
  return route.paths.map(({ path }) => ({
    place,
    listed: {
      ...guarding,
      transport: 'http',
      method,
      path,
      host,
      version,
      handler: place,
      order: names,
    },
    isGated: isGated || guarding.kind === 'whatsapp',
    authAfterGate: guarding.kind === 'action' ? afterGate : [],
    isParsed,
    ...(layers === undefined ? {} : { layers }),
  }));
}

function guardingOf(gate: StepUpGate<never>, route: HandlerRoute): Guarding | undefined {
  const { handler } = route.found;
  const policy = effectivePolicy(handler);
  if (policy !== undefined) {
    return {
      kind: 'action',
      actions: actionsOf(gate, policy),
      policy: listedPolicy(gate, policy),
    };
  }
  if (effectiveWebhook(handler) !== undefined) {
    return { kind: 'webhook', actions: [], policy: null };
  }
  const flows = flowsOf(route);
  const name = flowNameOf(route);
  return flows && flowGuarding(gate, name && flowActions(flows)[name]);
}

function flowGuarding(gate: StepUpGate<never>, flow: FlowAction | undefined): Guarding {
  return {
    kind: 'whatsapp',
    actions: flow === undefined ? [] : [flow.action],
    // The flows' own `skip` never skips.
    policy: flow?.policy === undefined ? null : { ...listedPolicy(gate, flow.policy), skip: false },
  };
}

/** The flows of a controller of `WhatsAppModule`. */
export function flowsOf({ wrapper }: HandlerRoute): WhatsAppFlowHandlers | undefined {
  const flows: unknown = wrapper.host?.providers.get(WHATSAPP_FLOWS)?.instance;
  return flows instanceof Map ? flows : undefined;
}

/** The route of the flows that a handler of `WhatsAppModule` answers. */
export function flowNameOf(route: HandlerRoute): FlowRouteName | undefined {
  const path = String(Reflect.getMetadata(PATH_METADATA, route.found.handler));
  return flowsOf(route) && flowRouteOf(route.method, `/${path.replace(/^\//, '')}`);
}

function layersOf({ controller, found }: HandlerRoute): Layers | undefined {
  const ofClass = classPolicies(controller);
  const ofMethod = methodPolicy(found.owner, found.name);
  return ofClass.length === 0 || ofMethod === undefined
    ? undefined
    : { ofClass: mergePolicies(ofClass), ofMethod };
}
