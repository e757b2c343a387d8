import type { ActionPolicy } from '../core/policy.js';

const DECLARED = Symbol.for('authsignal-guard.nest.declared');
const EFFECTIVE = Symbol.for('authsignal-guard.nest.effective');

/** What `@RequireAction` says of a class or a method. */
export function declarePolicy(target: object, policy: ActionPolicy): void {
  Reflect.defineMetadata(DECLARED, policy, target);
}

/** For a class also what the class that it extends says. */
export function declaredPolicy(target: object): ActionPolicy | undefined {
  return Reflect.getMetadata(DECLARED, target);
}

/** The class's and the method's policy in one, worked out at start. */
export function setEffectivePolicy(handler: object, policy: ActionPolicy): void {
  Reflect.defineMetadata(EFFECTIVE, policy, handler);
}

export function effectivePolicy(handler: object): ActionPolicy | undefined {
  return Reflect.getOwnMetadata(EFFECTIVE, handler);
}
