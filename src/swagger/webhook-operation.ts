import type { RefusalCode } from '../core/wire.js';
import { type Fields, setMissing } from './open-api.js';
import { addHeader } from './parameters.js';
import { addRefusals } from './refusals.js';

const REFUSALS: readonly RefusalCode[] = [
  'webhook_invalid',
  'webhook_signature_invalid',
  'webhook_too_large',
  'step_up_misconfigured',
  'step_up_unavailable',
];

/** Documents a route that takes Authsignal's webhooks. */
export function documentWebhook(operation: Fields): void {
  if (!operation.description) {
    operation.description = 'Takes webhooks of Authsignal, each once.';
  }
  setMissing(operation, 'requestBody', {
    required: true,
    content: { 'application/json': { schema: { type: 'object' } } },
  });
  addHeader(operation, {
    name: 'X-Signature-V2',
    required: true,
    description: "Authsignal's signature over the bytes.",
  });
  addRefusals(operation, REFUSALS);
}
