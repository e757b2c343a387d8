import { type Answer, ok } from './answer.js';
import type { Call } from './call.js';
import { notFound } from './refusals.js';
import type { Tenant } from './tenant.js';

/** The inbox for scripts in other processes. It shows codes to anyone, so it is off unless asked for. */
export function inboxAnswer(tenant: Tenant, call: Call): Answer {
  if (!tenant.switches.inboxEndpoint) return notFound('The inbox endpoint is switched off.');
  const to = call.query.get('phoneNumber') ?? call.query.get('email') ?? undefined;
  return ok({ messages: tenant.inbox.messages(to) });
}
