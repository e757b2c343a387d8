import type { ActionPolicy } from '../../core/policy.js';
import type { StepUpGate } from '../../core/step-up-gate.js';
import type { FlowHandler, FlowRouteName } from '../../whatsapp/whatsapp-flows.js';

/** What a middleware or a router of this package stands for. */
export type Declared =
  | { readonly kind: 'action'; readonly gate: StepUpGate<never>; readonly policy: ActionPolicy }
  | { readonly kind: 'webhook'; readonly gate: StepUpGate<never> }
  | {
      readonly kind: 'whatsapp';
      readonly gate: StepUpGate<never>;
      readonly flows: ReadonlyMap<FlowRouteName, FlowHandler>;
      readonly route: FlowRouteName;
    };

const declared = new WeakMap<object, Declared>();
const ofGate = new WeakMap<object, Set<WeakRef<object>>>();
const gone = new FinalizationRegistry<{ of: Set<WeakRef<object>>; reference: WeakRef<object> }>(
  ({ of, reference }) => of.delete(reference),
);

/** Remembers it for lists, for as long as it lives: an application may make one for each request. */
export function declareMiddleware<Middleware extends object>(
  middleware: Middleware,
  as: Declared,
): Middleware {
  declared.set(middleware, as);
  const of = ofGate.get(as.gate) ?? new Set();
  ofGate.set(as.gate, of);
  const reference = new WeakRef<object>(middleware);
  of.add(reference);
  gone.register(middleware, { of, reference });
  return middleware;
}

export function declaredBy(middleware: unknown): Declared | undefined {
  return typeof middleware === 'function' ? declared.get(middleware) : undefined;
}

/** Everything that was made with this gate and is still there. */
export function declaredWith(gate: StepUpGate<never>): readonly object[] {
  return [...(ofGate.get(gate) ?? [])].flatMap((reference) => reference.deref() ?? []);
}
