import { GUARDS_METADATA } from '@nestjs/common/constants.js';
import type { ApplicationConfig } from '@nestjs/core';
import { ActionGuard } from '../action-guard.js';
import { metadataList } from '../bind-guard.js';
import type { Controller, Handler } from '../handlers.js';
import { StrayHandlerGuard } from '../stray-handler.guard.js';
import { WebhookGuard } from '../webhook/webhook.guard.js';

export interface GuardOrder {
  /** The guards of a handler by name, in the order in which Nest runs them. */
  readonly names: readonly string[];
  readonly isGated: boolean;
  readonly afterGate: readonly string[];
}

/** The application's guards, then the class's, then the handler's own. */
export function guardOrder(
  config: ApplicationConfig,
  controller: Controller,
  handler: Handler,
): GuardOrder {
  const guards = [
    ...config.getGlobalGuards(),
    ...config.getGlobalRequestGuards().map(({ metatype }) => metatype),
    ...metadataList(GUARDS_METADATA, controller),
    ...metadataList(GUARDS_METADATA, handler),
  ].filter((guard) => !(guard instanceof StrayHandlerGuard));
  const gate = guards.findIndex((guard) => isGate(guard));
  const behind = gate < 0 ? [] : guards.slice(gate).filter((guard) => !isGate(guard));
  return {
    names: guards.map(nameOf),
    isGated: gate >= 0,
    afterGate: behind.map(nameOf),
  };
}

function isGate(guard: unknown): boolean {
  return [ActionGuard, WebhookGuard].some((ours) => guard === ours || guard instanceof ours);
}

function nameOf(guard: unknown): string {
  const name: unknown = typeof guard === 'function' ? guard.name : Object(guard).constructor?.name;
  return typeof name === 'string' && name !== '' ? name : 'anonymous guard';
}
