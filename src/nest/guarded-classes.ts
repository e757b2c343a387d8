import type { DiscoveryService } from '@nestjs/core';
import { StepUpError } from '../core/errors.js';
import { classPolicies, declaredMethods } from './action-metadata.js';
import type { Controller } from './handlers.js';

/** What Nest knows of a controller or a provider. */
interface Provided {
  readonly metatype: unknown;
  /** A factory or a value. */
  readonly isNotMetatype: boolean;
  readonly token: unknown;
  readonly instance: unknown;
}

export function controllerClasses(discovery: DiscoveryService): readonly Controller[] {
  return discovery
    .getControllers()
    .flatMap(({ metatype }) => (isClass(metatype) ? [metatype] : []));
}

/** Resolvers and gateways are providers; so is much that nothing is said of. */
export function guardedProviders(discovery: DiscoveryService): readonly Controller[] {
  const classes = providers(discovery).map(({ metatype, isNotMetatype, token }) =>
    isNotMetatype ? token : metatype,
  );
  return [...new Set(classes)].filter(isClass).filter(isGuarded);
}

/**
 * Of what a factory made or a value brought the class is known too late to guard it.
 *
 * @throws StepUpError `ERR_STEP_UP_POLICY`.
 */
export function checkProviders(
  discovery: DiscoveryService,
  known: (target: unknown) => boolean,
): void {
  for (const { instance } of providers(discovery)) {
    const target = classOf(instance);
    if (target !== undefined && !known(target) && isGuarded(target)) {
      throw new StepUpError(
        'ERR_STEP_UP_POLICY',
        `${target.name} has @RequireAction, but a factory or a value provides it, so it could not ` +
          'be guarded. List the class itself among the providers.',
      );
    }
  }
}

function providers(discovery: DiscoveryService): readonly Provided[] {
  return discovery.getProviders();
}

function isGuarded(target: Controller): boolean {
  return classPolicies(target).length > 0 || declaredMethods(target).length > 0;
}

function classOf(instance: unknown): Controller | undefined {
  if (typeof instance !== 'object' || instance === null) {
    return undefined;
  }
  const prototype: unknown = Object.getPrototypeOf(instance);
  const target: unknown = Object(prototype).constructor;
  return isClass(target) && target.prototype === prototype ? target : undefined;
}

function isClass(value: unknown): value is Controller {
  return (
    typeof value === 'function' && typeof value.prototype === 'object' && value.prototype !== null
  );
}
