import { Inject, Injectable } from '@nestjs/common';
import {
  EXCEPTION_FILTERS_METADATA,
  GUARDS_METADATA,
  INTERCEPTORS_METADATA,
} from '@nestjs/common/constants.js';
import { DiscoveryService } from '@nestjs/core';
import type { ActionPolicy } from '../core/policy.js';
import { mergePolicies } from '../core/resolve-policy.js';
import { StepUpGate } from '../core/step-up-gate.js';
import { ActionGuard } from './action-guard.js';
import { classPolicy, methodPolicy, setEffectivePolicy } from './action-metadata.js';
import { type Controller, copyOf, type FoundHandler, handlersOf } from './handlers.js';
import { returnProofScope, settle } from './return-proof.js';
import { StepUpExceptionFilter } from './step-up-exception.filter.js';

/**
 * Arranges every guarded handler of the application, in its constructor and so before Nest reads
 * the guards of its routes: the class's policy goes onto each method, and the gate behind the other
 * guards, so that authentication has run and each call is evaluated once.
 */
@Injectable()
export class GuardedHandlers {
  constructor(
    @Inject(DiscoveryService) discovery: DiscoveryService,
    @Inject(StepUpGate) private readonly gate: StepUpGate,
  ) {
    for (const { metatype } of discovery.getControllers()) {
      if (typeof metatype === 'function' && metatype.prototype !== undefined) {
        this.#arrange(metatype as Controller);
      }
    }
  }

  #arrange(controller: Controller): void {
    const ofClass = classPolicy(controller);
    for (const found of handlersOf(controller)) {
      const ofMethod = methodPolicy(found.owner, found.name);
      const layers = [ofClass, ofMethod].filter((policy) => policy !== undefined);
      if (layers.length > 0) {
        this.#guard(controller, found, Object.freeze(mergePolicies(layers)));
      }
    }
    if (ofClass !== undefined) {
      const others = metadataList(GUARDS_METADATA, controller).filter((guard) => !isOurs(guard));
      Reflect.defineMetadata(GUARDS_METADATA, others, controller);
    }
  }

  #guard(controller: Controller, found: FoundHandler, policy: ActionPolicy): void {
    const { returnProofOnFailure } = this.gate.prepare(policy);
    const guarded = copyOf(found, returnProofOnFailure ? settle : (handle) => handle());
    setEffectivePolicy(guarded, policy);
    const guards = metadataList(GUARDS_METADATA, guarded);
    // Nest has an instance of the class only where it found the class among the guards. Where
    // another decorator has lost it, an instance of our own keeps the handler guarded.
    const ours = [...guards, ...metadataList(GUARDS_METADATA, controller)].includes(ActionGuard)
      ? ActionGuard
      : new ActionGuard(this.gate);
    const others = guards.filter((guard) => !isOurs(guard));
    Reflect.defineMetadata(GUARDS_METADATA, [...others, ours], guarded);
    const filters = metadataList(EXCEPTION_FILTERS_METADATA, guarded);
    if (!filters.some(isOurFilter)) {
      // The class's policy came onto the method, so its filter goes before others of the class.
      const withOurs = [new StepUpExceptionFilter(), ...filters];
      Reflect.defineMetadata(EXCEPTION_FILTERS_METADATA, withOurs, guarded);
    }
    if (returnProofOnFailure) {
      const interceptors = metadataList(INTERCEPTORS_METADATA, guarded);
      const rest = interceptors.filter((interceptor) => interceptor !== returnProofScope);
      Reflect.defineMetadata(INTERCEPTORS_METADATA, [...rest, returnProofScope], guarded);
    }
    // On the controller's own prototype: the method may be inherited, and guarded otherwise there.
    Object.defineProperty(controller.prototype, found.name, {
      value: guarded,
      writable: true,
      configurable: true,
    });
  }
}

function isOurs(guard: unknown): boolean {
  return guard === ActionGuard || guard instanceof ActionGuard;
}

function isOurFilter(filter: unknown): boolean {
  return filter === StepUpExceptionFilter || filter instanceof StepUpExceptionFilter;
}

function metadataList(key: string, target: object): readonly unknown[] {
  const list: unknown = Reflect.getMetadata(key, target);
  return Array.isArray(list) ? list : [];
}
