import { Inject, Injectable } from '@nestjs/common';
import { GUARDS_METADATA, INTERCEPTORS_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService } from '@nestjs/core';
import type { ActionPolicy } from '../core/policy.js';
import { mergePolicies } from '../core/resolve-policy.js';
import { StepUpGate } from '../core/step-up-gate.js';
import { ActionGuard } from './action-guard.js';
import { declaredPolicy, setEffectivePolicy } from './action-metadata.js';
import { returnProofScope, settle } from './return-proof.js';

type Handler = (this: unknown, ...args: unknown[]) => unknown;
type Controller = abstract new (...args: never[]) => object;

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
    const ofClass = declaredPolicy(controller);
    for (const [name, handler] of handlersOf(controller)) {
      const ofMethod = declaredPolicy(handler);
      const layers = [ofClass, ofMethod].filter((policy) => policy !== undefined);
      if (layers.length > 0) {
        this.#guard(controller, name, handler, Object.freeze(mergePolicies(layers)));
      }
    }
    if (ofClass !== undefined) {
      const others = metadataList(GUARDS_METADATA, controller).filter(isOther);
      Reflect.defineMetadata(GUARDS_METADATA, others, controller);
    }
  }

  #guard(controller: Controller, name: string, handler: Handler, policy: ActionPolicy): void {
    const { returnProofOnFailure } = this.gate.prepare(policy);
    const guarded = copyOf(handler, returnProofOnFailure ? settle : (handle) => handle());
    setEffectivePolicy(guarded, policy);
    const guards = metadataList(GUARDS_METADATA, guarded).filter(isOther);
    Reflect.defineMetadata(GUARDS_METADATA, [...guards, ActionGuard], guarded);
    if (returnProofOnFailure) {
      const interceptors = metadataList(INTERCEPTORS_METADATA, guarded);
      Reflect.defineMetadata(INTERCEPTORS_METADATA, [...interceptors, returnProofScope], guarded);
    }
    // On the controller's own prototype: the method may be inherited, and guarded otherwise there.
    Object.defineProperty(controller.prototype, name, {
      value: guarded,
      writable: true,
      configurable: true,
    });
  }
}

function isOther(guard: unknown): boolean {
  return guard !== ActionGuard;
}

function metadataList(key: string, target: object): readonly unknown[] {
  const list: unknown = Reflect.getMetadata(key, target);
  return Array.isArray(list) ? list : [];
}

/** The decorated methods, inherited ones too; whoever has no metadata is no handler of Nest's. */
function handlersOf(controller: Controller): ReadonlyMap<string, Handler> {
  const handlers = new Map<string, Handler>();
  let prototype: object | null = controller.prototype;
  while (prototype !== null && prototype !== Object.prototype) {
    for (const name of Object.getOwnPropertyNames(prototype)) {
      const value: unknown = Object.getOwnPropertyDescriptor(prototype, name)?.value;
      if (!handlers.has(name) && name !== 'constructor' && isHandler(value)) {
        handlers.set(name, value);
      }
    }
    prototype = Object.getPrototypeOf(prototype);
  }
  return handlers;
}

function isHandler(value: unknown): value is Handler {
  return typeof value === 'function' && Reflect.getMetadataKeys(value).length > 0;
}

/** The same handler to Nest, with its name and metadata, run by `run`. */
function copyOf(handler: Handler, run: (handle: () => unknown) => unknown): Handler {
  const copy: Handler = function (...args) {
    return run(() => handler.apply(this, args));
  };
  for (const key of Reflect.getMetadataKeys(handler)) {
    Reflect.defineMetadata(key, Reflect.getMetadata(key, handler), copy);
  }
  Object.defineProperty(copy, 'name', { value: handler.name });
  Object.defineProperty(copy, 'length', { value: handler.length });
  return copy;
}
