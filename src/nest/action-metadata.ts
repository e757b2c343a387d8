import { StepUpError } from '../core/errors.js';
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
  const said = method === undefined ? ownClassPolicy(target) : methodPolicy(target, method);
  if (said !== undefined) {
    throw new StepUpError(
      'ERR_STEP_UP_POLICY',
      `Two @RequireAction on ${String(method ?? Reflect.get(target, 'name'))}: one would be lost. ` +
        'Put everything into one.',
    );
  }
  if (method === undefined) {
    Reflect.defineMetadata(DECLARED, policy, target);
  } else {
    Reflect.defineMetadata(DECLARED, policy, target, method);
  }
}

/** What the class says and the classes that it extends, the outermost first. */
export function classPolicies(controller: object): readonly ActionPolicy[] {
  const parent: object | null = Object.getPrototypeOf(controller);
  const inherited = parent === null ? [] : classPolicies(parent);
  const own = ownClassPolicy(controller);
  return own === undefined ? inherited : [...inherited, own];
}

function ownClassPolicy(controller: object): ActionPolicy | undefined {
  return Reflect.getOwnMetadata(DECLARED, controller);
}

/** What is said of the method on the prototype that has it. */
export function methodPolicy(owner: object, method: string | symbol): ActionPolicy | undefined {
  return Reflect.getOwnMetadata(DECLARED, owner, method);
}

/** The methods that are said something of, inherited ones too. */
export function declaredMethods(target: ClassWithMethods): readonly string[] {
  const seen = new Set<string>();
  const declared: string[] = [];
  let prototype: object | null = target.prototype;
  while (prototype !== null && prototype !== Object.prototype) {
    for (const name of Object.getOwnPropertyNames(prototype)) {
      if (!seen.has(name) && methodPolicy(prototype, name) !== undefined) {
        declared.push(name);
      }
      seen.add(name);
    }
    prototype = Object.getPrototypeOf(prototype);
  }
  return declared;
}

interface ClassWithMethods {
  readonly prototype: object;
}

/** The class's and the method's policy in one, worked out at start. */
export function setEffectivePolicy(handler: object, policy: ActionPolicy): void {
  Reflect.defineMetadata(EFFECTIVE, policy, handler);
}

export function effectivePolicy(handler: object): ActionPolicy | undefined {
  return Reflect.getOwnMetadata(EFFECTIVE, handler);
}
