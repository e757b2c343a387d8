import type { ActionRequest } from '../core/action-request.js';
import type { WebhookFault } from '../core/events.js';
import { RequestScope } from '../core/request-scope.js';
import type { GateInternals } from '../core/step-up-gate.js';
import { unavailable } from '../core/unavailable.js';
import type { RefusedVerdict } from '../core/verdict.js';

/** One delivery from Authsignal, or what says that it is one. */
export class WebhookScope extends RequestScope {
  constructor(request: ActionRequest, { options, log }: GateInternals) {
    super(request, options, log);
  }

  refuse(why: WebhookFault): RefusedVerdict {
    this.report({ type: 'webhook_refused', why });
    const hint = HINTS[why];
    if (hint !== undefined) {
      this.warn(`refused, ${hint}`);
    }
    return VERDICTS[why] ?? { kind: 'webhook_unsigned' };
  }

  protected override get label(): string {
    return 'Webhook';
  }
}

/** What is not here is a matter of the signature. */
const VERDICTS: Readonly<Partial<Record<WebhookFault, RefusedVerdict>>> = {
  body_parsed: { kind: 'misconfigured' },
  body_too_large: { kind: 'webhook_too_large' },
  body_broken_off: { kind: 'webhook_invalid' },
  not_json: { kind: 'webhook_invalid' },
  not_an_event: { kind: 'webhook_invalid' },
  wrong_tenant: { kind: 'webhook_invalid' },
  replay_store: unavailable(),
};

/** For what is wrong with the set-up rather than with the sender. A store that fails has its own line. */
const HINTS: Readonly<Partial<Record<WebhookFault, string>>> = {
  signature_mismatch:
    'for no key fits the signature. If Authsignal did send it, check that the API secret is of the same tenant, and ' +
    'that nothing on the way changes the body.',
  too_old:
    'for its signature is older than `toleranceMs`. If Authsignal did send it, check the clock of this machine.',
  too_new:
    'for its signature is further ahead than `toleranceMs`. If Authsignal did send it, check the clock of this machine.',
  body_parsed:
    'for a body parser has read the body and kept no raw bytes, which are what was signed. Nest: ' +
    'NestFactory.create(AppModule, { rawBody: true }). Express: put authsignalWebhook before express.json(), or give ' +
    'it `verify: (req, _res, bytes) => { req.rawBody = bytes; }`.',
  body_too_large: 'for it is larger than `maxBodyBytes`.',
  not_json: 'for it is signed but not JSON.',
  not_an_event: 'for it is signed but no event as Authsignal documents them.',
  wrong_tenant: 'for it is of another tenant than `tenantId`.',
};
