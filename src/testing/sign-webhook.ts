import { randomUUID } from 'node:crypto';
import { signatureOf, signatureText, signingKey } from '../webhook/signature.js';

export interface WebhookToSign {
  /** The Server API secret, or several: Authsignal signs with each key that is active. */
  readonly apiSecretKey: string | readonly string[];
  /** The event; what it lacks of an envelope is made up, the id among it. A batch of `records` goes as it is. */
  readonly event: Readonly<Record<string, unknown>>;
  /** When it is signed, in milliseconds since the epoch. Default: now. */
  readonly now?: number;
}

export interface SignedWebhook {
  readonly headers: { readonly 'content-type': string; readonly 'x-signature-v2': string };
  /** To be sent as it is: the signature is over these bytes. */
  readonly body: string;
}

/** A delivery as Authsignal makes it, to send to your own webhook route in a test. */
export function signWebhook({
  apiSecretKey,
  event,
  now = Date.now(),
}: WebhookToSign): SignedWebhook {
  const envelope = {
    version: 1,
    id: randomUUID(),
    source: 'https://authsignal.com',
    time: new Date(now).toISOString(),
    tenantId: 'a-tenant',
    type: 'authenticator.created',
    data: {},
  };
  const body = JSON.stringify('records' in event ? event : { ...envelope, ...event });
  const timestamp = String(Math.floor(now / 1_000));
  const signatures = [apiSecretKey]
    .flat()
    .map(
      (key) => `v2=${signatureText(signatureOf(signingKey(key), timestamp, Buffer.from(body)))}`,
    );
  return {
    headers: {
      'content-type': 'application/json',
      'x-signature-v2': [`t=${timestamp}`, ...signatures].join(','),
    },
    body,
  };
}
