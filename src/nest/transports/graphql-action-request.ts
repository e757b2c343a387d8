import type { ExecutionContext } from '@nestjs/common';
import type { ActionRequest } from '../../core/action-request.js';
import { StepUpError } from '../../core/errors.js';
import { headersOf } from './handshake.js';
import { property } from './property.js';

/** A field that GraphQL is about to resolve, in the gate's own shape. */
export function graphqlActionRequest<Raw>(context: ExecutionContext): ActionRequest<unknown, Raw> {
  const [parent, args] = context.getArgs<unknown[]>();
  const info = resolveInfo(context);
  const request = httpRequestOf(context);
  const field = `${textIn(property(info, 'parentType'), 'name')}.${textIn(info, 'fieldName')}`;
  const ip = property(request, 'ip');
  return {
    transport: 'graphql',
    method: textIn(property(info, 'operation'), 'operation').toUpperCase(),
    path: field,
    route: field,
    params: {},
    query: {},
    headers: headersOf(request),
    body: args,
    bodyState: 'read',
    ip: typeof ip === 'string' ? ip : undefined,
    // The type that the application gave its gate for this very request.
    raw: request as Raw,
    ...(parent === undefined || parent === null ? {} : { parent }),
  };
}

/** What GraphQL makes anew for each field that it resolves, for two aliases of one field too. */
export function resolveInfo(context: ExecutionContext): object {
  const info = context.getArgs<unknown[]>()[3];
  if (typeof info !== 'object' || info === null) {
    throw new StepUpError(
      'ERR_STEP_UP_POLICY',
      `${context.getClass().name}.${context.getHandler().name} resolves no field, so it cannot be guarded.`,
    );
  }
  return info;
}

/** Apollo's context has it as `req`; another driver's perhaps as `request`. */
function httpRequestOf(context: ExecutionContext): unknown {
  const shared = context.getArgs<unknown[]>()[2];
  return property(shared, 'req') ?? property(shared, 'request') ?? shared;
}

function textIn(value: unknown, name: string): string {
  const text = property(value, name);
  return typeof text === 'string' ? text : '';
}
