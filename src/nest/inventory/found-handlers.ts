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
import { messageAddresses } from './message-addresses.js';

type Guarding = Pick<ListedAction, 'kind' | 'actions' | 'policy'>;
type Layers = NonNullable<FoundRoute['layers']>;

/** What stands before the handler of a route, for each of its paths; nothing where it is open. */
export function foundRoutes(
  gate: StepUpGate<never>,
  config: ApplicationConfig,
  route: HandlerRoute,
  isParsed: boolean | undefined,
): readonly FoundRoute[] {
  const { method, host, version } = route;
  const guarding = guardingOf(gate, route);
  return guarding === undefined
    ? []
    : route.paths.map(({ path }) =>
        foundAt(
          config,
          route,
          guarding,
          { transport: 'http', method, path, host, version },
          isParsed,
        ),
      );
}

/** The same of a handler that GraphQL, a gateway or a microservice runs. */
export function foundMessages(
  gate: StepUpGate<never>,
  config: ApplicationConfig,
  handler: Handled,
): readonly FoundRoute[] {
  const guarding = actionGuarding(gate, handler);
  return guarding === undefined
    ? []
    : messageAddresses(handler.controller, handler.found).map((address) =>
        foundAt(config, handler, guarding, { ...address, host: null, version: null }, true),
      );
}

type Handled = Pick<HandlerRoute, 'controller' | 'found'>;
type Address = Pick<ListedAction, 'transport' | 'method' | 'path' | 'host' | 'version'>;

function foundAt(
  config: ApplicationConfig,
  handled: Handled,
  guarding: Guarding,
  address: Address,
  isParsed: boolean | undefined,
): FoundRoute {
  const { controller, found } = handled;
  const { names, isGated, afterGate } = guardOrder(config, controller, found.handler);
  const layers = layersOf(handled);
  const place = `${controller.name}.${found.name}`;
  return {
    place,
    listed: { ...guarding, ...address, handler: place, order: names },
    isGated: isGated || guarding.kind === 'whatsapp',
    authAfterGate: guarding.kind === 'action' ? afterGate : [],
    isParsed,
    ...(layers === undefined ? {} : { layers }),
  };
}

function guardingOf(gate: StepUpGate<never>, route: HandlerRoute): Guarding | undefined {
  const action = actionGuarding(gate, route);
  if (action !== undefined) {
    return action;
  }
  if (effectiveWebhook(route.found.handler) !== undefined) {
    return { kind: 'webhook', actions: [], policy: null };
  }
  const flows = flowsOf(route);
  const name = flowNameOf(route);
  return flows && flowGuarding(gate, name && flowActions(flows)[name]);
}

function actionGuarding(gate: StepUpGate<never>, { found }: Handled): Guarding | undefined {
  const policy = effectivePolicy(found.handler);
  return (
    policy && {
      kind: 'action',
      actions: actionsOf(gate, policy),
      policy: listedPolicy(gate, policy),
    }
  );
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

function layersOf({ controller, found }: Handled): Layers | undefined {
  const ofClass = classPolicies(controller);
  const ofMethod = methodPolicy(found.owner, found.name);
  return ofClass.length === 0 || ofMethod === undefined
    ? undefined
    : { ofClass: mergePolicies(ofClass), ofMethod };
}
