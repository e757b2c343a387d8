import { randomUUID } from 'node:crypto';
import { signWebhook } from 'authsignal-guard/testing';
import type { Answer, Customer } from './customer.js';

/** What Authsignal sends, as a test wants it. */
export interface Delivery {
  readonly event?: Readonly<Record<string, unknown>>;
  readonly path?: string;
  readonly key?: string | readonly string[];
  /** When it is signed, from now. */
  readonly inMs?: number;
  readonly signature?: string | string[] | null;
  /** In place of what was signed. */
  readonly body?: string;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const PATH = '/webhooks/authsignal';

/** An event that nobody has seen before. */
export const anEvent = (more: Readonly<Record<string, unknown>> = {}) => ({
  id: `event-${randomUUID()}`,
  type: 'authenticator.created',
  tenantId: 'tenant-1',
  data: { userId: 'ann' },
  ...more,
});

/** Delivers as Authsignal would, by way of the host that a customer stands at. */
export function deliver(customer: Customer, delivery: Delivery = {}): Promise<Answer> {
  return customer.send(sendingOf(customer, delivery));
}

/** The same where the answers come in no order, so that they cannot be compared. */
export function deliverQuietly(customer: Customer, delivery: Delivery = {}): Promise<Answer> {
  return customer.sendQuietly(sendingOf(customer, delivery));
}

function sendingOf(customer: Customer, delivery: Delivery) {
  const { emulator } = customer;
  const { event = anEvent(), key = emulator.secret, inMs = 0, path = PATH, signature } = delivery;
  const signed = signWebhook({ apiSecretKey: key, event, now: emulator.clock.now() + inMs });
  const header = signature === undefined ? signed.headers['x-signature-v2'] : signature;
  return {
    path,
    as: null,
    type: delivery.type ?? 'application/json',
    body: delivery.body ?? signed.body,
    headers: {
      ...(header === null ? {} : { 'x-signature-v2': header }),
      ...delivery.headers,
    },
  };
}
