import { createHash } from 'node:crypto';
import type { ActionRequest } from '../core/action-request.js';
import { burnOnce } from '../core/burn-once.js';
import type { WebhookFault } from '../core/events.js';
import { MARGIN_MS } from '../core/proof-lifetime.js';
import { type GateInternals, internalsOf, type StepUpGate } from '../core/step-up-gate.js';
import type { RefusedVerdict } from '../core/verdict.js';
import type { AuthsignalEvent } from './authsignal-event.js';
import type { WebhookOptions } from './options.js';
import { type BodyPlaces, readRawBody } from './raw-body.js';
import { readEvent } from './read-event.js';
import { type ResolvedWebhook, resolveWebhook } from './resolve-options.js';
import { isSignedBy, timeFault } from './signature.js';
import {
  parseSignatureHeader,
  SIGNATURE_HEADER,
  type SignatureHeader,
} from './signature-header.js';
import { WebhookDelivery } from './webhook-delivery.js';
import { WebhookScope } from './webhook-scope.js';

export type WebhookOutcome =
  | { readonly kind: 'received'; readonly delivery: WebhookDelivery }
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'refused'; readonly verdict: RefusedVerdict };

/** Takes deliveries from Authsignal: signed, of now, an event, and for the first time. */
export class WebhookReceiver {
  readonly #webhook: ResolvedWebhook;
  readonly #gate: GateInternals;
  readonly #name: string;

  /**
   * @param name what events are remembered under.
   * @throws StepUpError `ERR_STEP_UP_OPTION`, with the option and the fix.
   */
  constructor(gate: StepUpGate<never>, options: WebhookOptions, name: string) {
    this.#name = name;
    this.#gate = internalsOf(gate);
    this.#webhook = resolveWebhook(options, this.#gate.options.apiSecretKey);
  }

  /** Never rejects for what a request or the replay store did. */
  async receive(request: ActionRequest, body: BodyPlaces): Promise<WebhookOutcome> {
    const scope = new WebhookScope(request, this.#gate);
    const refused = (why: WebhookFault): WebhookOutcome => ({
      kind: 'refused',
      verdict: scope.refuse(why),
    });
    const given = request.headers[SIGNATURE_HEADER];
    const header = parseSignatureHeader(given);
    if (header === undefined) {
      return refused(given === undefined ? 'header_missing' : 'header_malformed');
    }
    // Whoever has no signature of now is not worth a body.
    const early = this.#timeFault(header);
    if (early !== undefined) {
      return refused(early);
    }
    const raw = await readRawBody(body, this.#webhook.maxBodyBytes);
    if (!raw.ok) {
      return refused(raw.why);
    }
    const fault = this.#signatureFault(header, raw.bytes);
    if (fault !== undefined) {
      return refused(fault);
    }
    const read = readEvent(raw.bytes, this.#webhook.tenantId);
    return read.ok ? this.#takeOnce(scope, read.event) : refused(read.why);
  }

  /** The time once more: a body that takes its time must not outlast the memory of its event. */
  #signatureFault(header: SignatureHeader, bytes: Buffer): WebhookFault | undefined {
    return isSignedBy(this.#webhook.keys, header, bytes)
      ? this.#timeFault(header)
      : 'signature_mismatch';
  }

  #timeFault({ timestamp }: SignatureHeader): WebhookFault | undefined {
    return timeFault(timestamp, this.#gate.options.clock.now(), this.#webhook.toleranceMs);
  }

  async #takeOnce(scope: WebhookScope, event: AuthsignalEvent): Promise<WebhookOutcome> {
    const { id: eventId, type: eventType } = event;
    const key = this.#keyOf(event);
    const ttlMs = this.#webhook.rememberMs + MARGIN_MS;
    const isFirst = await burnOnce(scope, 'an event', key, ttlMs);
    if (isFirst === undefined) {
      return { kind: 'refused', verdict: scope.refuse('replay_store') };
    }
    scope.report({ type: isFirst ? 'webhook_received' : 'webhook_duplicate', eventId, eventType });
    return isFirst
      ? { kind: 'received', delivery: new WebhookDelivery(event, scope, key) }
      : { kind: 'duplicate' };
  }

  /**
   * Two webhooks that get the same event each handle it, and so do two applications that share a store. Nothing of the
   * address, which a sender may spell in many ways.
   */
  #keyOf(event: AuthsignalEvent): string {
    const tenantId = 'records' in event ? '' : event.tenantId;
    const { audience } = this.#gate.options.keyring;
    const parts = JSON.stringify([audience, this.#name, tenantId, event.id]);
    return `webhook:${createHash('sha256').update(parts).digest('base64url')}`;
  }
}
