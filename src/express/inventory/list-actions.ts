import type { StepUpGate } from '../../core/step-up-gate.js';
import { actionsOf, type FoundRoute, listedPolicy } from '../../inventory/found-route.js';
import type {
  ActionInventory,
  InventoryOptions,
  ListedAction,
} from '../../inventory/listed-action.js';
import { takeInventory } from '../../inventory/take-inventory.js';
import { flowActions } from '../../whatsapp/flow-actions.js';
import { givenOptions } from '../../whatsapp/whatsapp-flows.js';
import { type Declared, declaredBy, declaredWith } from './declared-middleware.js';
import { type Met, readStack } from './read-stack.js';

/**
 * Every route of an application that `requireAction`, `whatsAppRouter` or `authsignalWebhook` stands before, with its policy,
 * and what looks wrong about them. It reads what Express keeps of its routes, in 4 and 5. A path that it does not keep is
 * written as `…`; of an application that is mounted in another one, list that one, too.
 */
export function listActions(app: object, options: InventoryOptions = {}): ActionInventory {
  const met = readStack(app);
  const gates = [...new Set(met.map(({ declared }) => declared.gate))];
  const seen = new Set(met.map(({ middleware }) => middleware));
  const isTrusting: unknown = Reflect.get(app, 'enabled');
  return takeInventory(
    {
      gates,
      routes: met.map(foundRoute),
      trustsProxy:
        typeof isTrusting === 'function' ? isTrusting.call(app, 'trust proxy') === true : undefined,
      hasMemoryLimits: met.some(({ declared }) => countsAlone(declared)),
      unrouted: gates.flatMap((gate) => unrouted(gate, seen)),
    },
    options,
  );
}

function foundRoute(met: Met): FoundRoute {
  const { declared, method, path, before, own, behind, handler, isLast } = met;
  return {
    listed: {
      ...guarding(declared),
      transport: 'http',
      method,
      path,
      host: null,
      version: null,
      handler,
      order: [...before, own, ...behind],
    },
    place: `${method} ${path}`,
    isGated: true,
    authAfterGate: declared.kind === 'action' ? behind.filter((name) => AUTH.test(name)) : [],
    // The handlers of WhatsApp routes answer by themselves.
    isLast: isLast && declared.kind !== 'whatsapp',
    isParsed: before.some((name) => PARSER.test(name)),
  };
}

/** Names that authentication goes by; no more can be known of a function. */
const AUTH = /auth|passport|jwt|log-?in|session|signed?-?in/i;
/** Express's own parsers, and what others call theirs. */
const PARSER = /pars|multer|json|body/i;

function guarding(declared: Declared): Pick<ListedAction, 'kind' | 'actions' | 'policy'> {
  const { gate } = declared;
  switch (declared.kind) {
    case 'action': {
      const { policy } = declared;
      return {
        kind: 'action',
        actions: actionsOf(gate, policy),
        policy: listedPolicy(gate, policy),
      };
    }
    case 'webhook':
      return { kind: 'webhook', actions: [], policy: null };
    case 'whatsapp': {
      const flow = flowActions(declared.flows)[declared.route];
      const policy = flow?.policy && { ...listedPolicy(gate, flow.policy), skip: false };
      return {
        kind: 'whatsapp',
        actions: flow === undefined ? [] : [flow.action],
        policy: policy ?? null,
      };
    }
  }
}

function countsAlone(declared: Declared): boolean {
  return declared.kind === 'whatsapp' && givenOptions(declared.flows)?.limitStore === undefined;
}

/** What was made with the gate and stands in no route that could be read. */
function unrouted(gate: StepUpGate<never>, seen: ReadonlySet<object>): readonly string[] {
  return declaredWith(gate)
    .filter((middleware) => !seen.has(middleware))
    .map((middleware) => {
      const declared = declaredBy(middleware);
      return declared?.kind === 'action'
        ? `requireAction(${actionsOf(gate, declared.policy).join('|')})`
        : (declared?.kind ?? 'guard');
    });
}
