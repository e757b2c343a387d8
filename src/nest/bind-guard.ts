import type { CanActivate, NestInterceptor, Type } from '@nestjs/common';
import {
  EXCEPTION_FILTERS_METADATA,
  GUARDS_METADATA,
  INTERCEPTORS_METADATA,
} from '@nestjs/common/constants.js';
import type { Controller } from './handlers.js';
import { StepUpExceptionFilter } from './step-up-exception.filter.js';

/** What stands before a handler: one guard of ours, and around the handler perhaps a scope. */
export interface StandingBefore {
  readonly guard: Type<CanActivate>;
  /** For a handler whose own guard another decorator has lost. */
  readonly spare: () => CanActivate;
  readonly scope: NestInterceptor | undefined;
}

/** Puts the guard behind the other guards of the handler, the filter before its filters, the scope inmost. */
export function bindGuard(
  handler: object,
  controller: Controller,
  { guard, spare, scope }: StandingBefore,
): void {
  const isOurs = (given: unknown): boolean => given === guard || given instanceof guard;
  const guards = metadataList(GUARDS_METADATA, handler);
  // Nest has an instance of the class only where it found the class among the guards. Where
  // another decorator has lost it, an instance of our own keeps the handler guarded.
  const isFound = [...guards, ...metadataList(GUARDS_METADATA, controller)].includes(guard);
  const others = guards.filter((given) => !isOurs(given));
  Reflect.defineMetadata(GUARDS_METADATA, [...others, isFound ? guard : spare()], handler);
  const filters = metadataList(EXCEPTION_FILTERS_METADATA, handler);
  if (!filters.some(isOurFilter)) {
    // The class's policy came onto the method, so its filter goes before others of the class.
    const withOurs = [new StepUpExceptionFilter(), ...filters];
    Reflect.defineMetadata(EXCEPTION_FILTERS_METADATA, withOurs, handler);
  }
  if (scope !== undefined) {
    const interceptors = metadataList(INTERCEPTORS_METADATA, handler);
    const rest = interceptors.filter((interceptor) => interceptor !== scope);
    Reflect.defineMetadata(INTERCEPTORS_METADATA, [...rest, scope], handler);
  }
}

/** The list that decorators such as `@UseGuards` have put onto a class or a method. */
export function metadataList(key: string, target: object): readonly unknown[] {
  const list: unknown = Reflect.getMetadata(key, target);
  return Array.isArray(list) ? list : [];
}

function isOurFilter(filter: unknown): boolean {
  return filter === StepUpExceptionFilter || filter instanceof StepUpExceptionFilter;
}
