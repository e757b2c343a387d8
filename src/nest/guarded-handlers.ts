import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { GUARDS_METADATA } from '@nestjs/common/constants.js';
import { DiscoveryService } from '@nestjs/core';
import { StepUpError } from '../core/errors.js';
import type { ActionPolicy } from '../core/policy.js';
import { mergePolicies } from '../core/resolve-policy.js';
import { StepUpGate } from '../core/step-up-gate.js';
import { ActionGuard } from './action-guard.js';
import {
  classPolicies,
  declaredMethods,
  methodPolicy,
  setEffectivePolicy,
} from './action-metadata.js';
import { bindGuard, metadataList } from './bind-guard.js';
import { checkProviders, controllerClasses, guardedProviders } from './guarded-classes.js';
import {
  type Controller,
  copyOf,
  type FoundHandler,
  type Handler,
  handlersOf,
} from './handlers.js';
import { handlerScope, settle } from './return-proof.js';
import { StrayHandlerGuard } from './stray-handler.guard.js';
import { FieldGuards } from './transports/field-guards.js';
import {
  checkGuardable,
  checkPassable,
  handlerKinds,
  isMessageHandler,
} from './transports/handler-kinds.js';
import { rememberHandshakes } from './transports/handshake.js';
import { webhookHandler } from './webhook/webhook-handler.js';

/**
 * Arranges every guarded handler of the application, in its constructor and so before Nest reads
 * the guards of its routes: the class's policy goes onto each method, and the gate behind the other
 * guards, so that authentication has run and each call is evaluated once. Webhooks likewise.
 * Handlers are routes, messages to microservices, and those of resolvers and gateways.
 */
@Injectable()
export class GuardedHandlers implements OnModuleInit {
  readonly #guardedNames = new Map<unknown, ReadonlySet<string>>();
  readonly #fields = new FieldGuards();

  constructor(
    @Inject(DiscoveryService) private readonly discovery: DiscoveryService,
    @Inject(StepUpGate) private readonly gate: StepUpGate,
  ) {
    for (const controller of controllerClasses(discovery)) {
      this.#arrange(controller, true);
    }
    for (const provider of guardedProviders(discovery)) {
      if (!this.#guardedNames.has(provider)) {
        this.#arrange(provider, false);
        this.#checkServed(provider);
      }
    }
  }

  /**
   * A handler that the constructor puts onto the instance, bound perhaps, is none of those that
   * were arranged. Nest would run it without any of their guards.
   */
  onModuleInit(): void {
    const all = [...this.discovery.getControllers(), ...this.discovery.getProviders()];
    for (const { metatype, instance } of all) {
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
    checkProviders(this.discovery, (target) => this.#guardedNames.has(target));
    this.#fields.check(this.discovery.getProviders());
  }

  /** A method that Nest does not serve is called by others, past every guard. */
  #checkServed(provider: Controller): void {
    const guarded = this.#guardedNames.get(provider);
    const missed = declaredMethods(provider).find((name) => guarded?.has(name) !== true);
    if (missed !== undefined || guarded?.size === 0) {
      throw new StepUpError(
        'ERR_STEP_UP_POLICY',
        `@RequireAction guards nothing on ${[provider.name, missed].filter(Boolean).join('.')}: no route, ` +
          'resolver, gateway or microservice runs it. Use gate.require there.',
      );
    }
  }

  #arrange(controller: Controller, isController: boolean): void {
    const ofClass = classPolicies(controller);
    const open = new Set<unknown>();
    const guarded = new Set<string>();
    for (const found of handlersOf(controller)) {
      const ofMethod = methodPolicy(found.owner, found.name);
      const layers = ofMethod === undefined ? ofClass : [...ofClass, ofMethod];
      const isGuarded = layers.length > 0 && (isController || handlerKinds(found.handler).size > 0);
      const webhook = webhookHandler(this.gate, controller, found, isGuarded);
      if (webhook !== undefined) {
        putInPlace(controller, found, webhook);
        guarded.add(found.name);
        open.add(webhook);
      } else if (isGuarded) {
        putInPlace(controller, found, this.#guard(controller, found, mergePolicies(layers)));
        guarded.add(found.name);
      } else {
        open.add(found.name).add(found.handler);
      }
    }
    this.#guardedNames.set(controller, guarded);
    // Each method has the gate of the class's policy by now. Without such a policy it stays: whoever
    // put it there by hand wants handlers without a policy refused.
    const isMoved = (guard: unknown): boolean =>
      ofClass.length > 0 && (guard === ActionGuard || guard instanceof ActionGuard);
    const others = metadataList(GUARDS_METADATA, controller).filter(
      (guard) => !isMoved(guard) && !(guard instanceof StrayHandlerGuard),
    );
    const stray = guarded.size > 0 ? [new StrayHandlerGuard(open)] : [];
    Reflect.defineMetadata(GUARDS_METADATA, [...others, ...stray], controller);
  }

  #guard(controller: Controller, found: FoundHandler, merged: ActionPolicy): Handler {
    const place = `${controller.name}.${found.name}`;
    checkGuardable(place, found.handler);
    const policy = Object.freeze(merged);
    const resolved = this.gate.prepare(policy);
    checkPassable(place, found.handler, resolved);
    const kinds = handlerKinds(found.handler);
    if (kinds.has('field')) {
      this.#fields.add(place, resolved);
    }
    if (kinds.has('socket-message')) {
      rememberHandshakes(controller);
    }
    const { returnProofOnFailure } = resolved;
    const handler = copyOf(found, returnProofOnFailure ? settle : (handle) => handle());
    setEffectivePolicy(handler, policy);
    bindGuard(handler, controller, {
      guard: ActionGuard,
      spare: () => new ActionGuard(this.gate),
      scope: returnProofOnFailure || isMessageHandler(kinds) ? handlerScope : undefined,
    });
    return handler;
  }
}

/** On the controller's own prototype: the method may be inherited, and guarded otherwise there. */
function putInPlace(controller: Controller, found: FoundHandler, value: Handler): void {
  Object.defineProperty(controller.prototype, found.name, {
    value,
    writable: true,
    configurable: true,
  });
}
