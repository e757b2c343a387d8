import type { ActionPolicy } from '../core/policy.js';

const DECLARED = Symbol.for('authsignal-guard.nest.declared');
const EFFECTIVE = Symbol.for('authsignal-guard.nest.effective');

/**
 * What `@RequireAction` says of a class, or of a method by its name: a decorator that puts another
 * function in the method's place must not take the policy away with the old one.
 */
export function declarePolicy(
  policy: ActionPolicy,
  target: object,
  method?: string | symbol,
): void {
  if (method === undefined) {
    Reflect.defineMetadata(DECLARED, policy, target);
  } else {
    Reflect.defineMetadata(DECLARED, policy, target, method);
  }
}

/** What the class says, or the class that it extends. */
export function classPolicy(controller: object): ActionPolicy | undefined {
  return Reflect.getMetadata(DECLARED, controller);
}

/** What is said of the method on the prototype that has it. */
export function methodPolicy(owner: object, method: string): ActionPolicy | undefined {
  return Reflect.getOwnMetadata(DECLARED, owner, method);
}

/** The class's and the method's policy in one, worked out at start. */
export function setEffectivePolicy(handler: object, policy: ActionPolicy): void {
  Reflect.defineMetadata(EFFECTIVE, policy, handler);
}

export function effectivePolicy(handler: object): ActionPolicy | undefined {
  return Reflect.getOwnMetadata(EFFECTIVE, handler);
}
