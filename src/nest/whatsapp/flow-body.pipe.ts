import { Body, type PipeTransform, ValidationPipe } from '@nestjs/common';
import { isPlainObject } from '../../core/bound-values.js';
import { renderVerdict } from '../../core/render-verdict.js';
import { fieldsOf } from '../../validation/dto-reader.js';
import { StepUpException } from '../step-up-exception.js';

type FlowDtos = typeof import('./flow-body.dto.js');

/**
 * Loads the DTOs, and with them class-validator, for those applications alone that have these
 * routes. Called at start too, so that a missing package is told then.
 */
export function loadFlowDtos(): Promise<FlowDtos> {
  return import('./flow-body.dto.js');
}

/** `@Body()` checked against a DTO that is named here, so that no decorator metadata is needed. */
export function FlowBody(dto: keyof FlowDtos): ParameterDecorator {
  return Body(new FlowBodyPipe(dto));
}

/** Refuses as the flows themselves do. What is no object lacks all fields. */
class FlowBodyPipe implements PipeTransform<unknown, Promise<unknown>> {
  #pipe: ValidationPipe | undefined;

  constructor(private readonly dto: keyof FlowDtos) {}

  async transform(value: unknown): Promise<unknown> {
    this.#pipe ??= new ValidationPipe({
      expectedType: (await loadFlowDtos())[this.dto],
      exceptionFactory: (errors) =>
        new StepUpException(renderVerdict({ kind: 'invalid', errors: fieldsOf(errors) })),
    });
    return this.#pipe.transform(isPlainObject(value) ? textsOf(value) : {}, { type: 'body' });
  }
}

/** Every field is a text. What else may stand there is wrong, and class-transformer would follow it to any depth. */
function textsOf(body: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(body).map(([name, field]) => [
      name,
      field === undefined || typeof field === 'string' ? field : null,
    ]),
  );
}
