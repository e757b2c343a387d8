import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import {
  EXCEPTION_FILTERS_METADATA,
  GUARDS_METADATA,
  INTERCEPTORS_METADATA,
} from '@nestjs/common/constants.js';
import { DiscoveryService } from '@nestjs/core';
import { StepUpError } from '../core/errors.js';
import type { ActionPolicy } from '../core/policy.js';
import { mergePolicies } from '../core/resolve-policy.js';
import { StepUpGate } from '../core/step-up-gate.js';
import { ActionGuard } from './action-guard.js';
import { classPolicies, methodPolicy, setEffectivePolicy } from './action-metadata.js';
import { type Controller, copyOf, type FoundHandler, handlersOf } from './handlers.js';
import { returnProofScope, settle } from './return-proof.js';
import { StepUpExceptionFilter } from './step-up-exception.filter.js';
import { StrayHandlerGuard } from './stray-handler.guard.js';

/**
 * Arranges every guarded handler of the application, in its constructor and so before Nest reads
 * the guards of its routes: the class's policy goes onto each method, and the gate behind the other
 * guards, so that authentication has run and each call is evaluated once.
 */
@Injectable()
export class GuardedHandlers implements OnModuleInit {
  readonly #guardedNames = new Map<unknown, ReadonlySet<string>>();

  constructor(
    @Inject(DiscoveryService) private readonly discovery: DiscoveryService,
    @Inject(StepUpGate) private readonly gate: StepUpGate,
  ) {
    for (const { metatype } of discovery.getControllers()) {
      if (typeof metatype === 'function' && metatype.prototype !== undefined) {
        this.#arrange(metatype as Controller);
      }
    }
  }

  /**
   * A handler that the constructor puts onto the instance, bound perhaps, is none of those that
   * were arranged. Nest would run it without any of their guards.
   */
  onModuleInit(): void {
    for (const { metatype, instance } of this.discovery.getControllers()) {
      const names = typeof metatype === 'function' ? this.#guardedNames.get(metatype) : undefined;
      const own = [...(names ?? [])].find((name) => Object.hasOwn(Object(instance), name));
      if (own !== undefined) {
        throw new StepUpError(
          'ERR_STEP_UP_POLICY',
          `${metatype?.name}.${own} is guarded, but the constructor puts another function in its ` +
            'place. Do not assign or bind handlers there.',
        );
      }
    }
  }

  #arrange(controller: Controller): void {
    const ofClass = classPolicies(controller);
    const open = new Set<unknown>();
    const guarded = new Set<string>();
    for (const found of handlersOf(controller)) {
      const ofMethod = methodPolicy(found.owner, found.name);
      const layers = ofMethod === undefined ? ofClass : [...ofClass, ofMethod];
      if (layers.length > 0) {
        this.#guard(controller, found, Object.freeze(mergePolicies(layers)));
        guarded.add(found.name);
      } else {
        open.add(found.name).add(found.handler);
      }
    }
    this.#guardedNames.set(controller, guarded);
    // Each method has the gate of the class's policy by now. Without such a policy it stays: whoever
    // put it there by hand wants handlers without a policy refused.
    const isMoved = (guard: unknown): boolean => ofClass.length > 0 && isOurs(guard);
    const others = metadataList(GUARDS_METADATA, controller).filter(
      (guard) => !isMoved(guard) && !(guard instanceof StrayHandlerGuard),
    );
    const stray = guarded.size > 0 ? [new StrayHandlerGuard(open)] : [];
    Reflect.defineMetadata(GUARDS_METADATA, [...others, ...stray], controller);
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
