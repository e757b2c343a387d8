import type { Attributes } from '@opentelemetry/api';
import type { Countable } from '../core/countable.js';
import * as names from './attributes.js';
import type { CounterName } from './instruments.js';

type Count = readonly [counter: CounterName, attributes: Attributes];

/**
 * What an occurrence adds one to, if it does. Only words of our own and the codes of policies become attributes: each
 * further value is another time series.
 */
export function countOf(what: Countable, action: string | undefined): Count | undefined {
  return countOfProof(what, action) ?? countOfFlow(what) ?? countOfSurroundings(what, action);
}

function countOfProof(what: Countable, action: string | undefined): Count | undefined {
  const ofAction = actionAttribute(action);
  switch (what.type) {
    case 'proof_refused':
      return ['proofs.refused', { ...ofAction, [names.REASON]: what.reason }];
    case 'proof_replayed':
      return ['proofs.replayed', ofAction];
    case 'proof_returned':
      return ['proofs.returned', ofAction];
    default:
      return undefined;
  }
}

function countOfFlow(what: Countable): Count | undefined {
  switch (what.type) {
    case 'otp_sent':
      return ['otp.sent', { [names.PURPOSE]: what.purpose, [names.RESENT]: what.resent }];
    case 'otp_send_limited':
      return ['otp.limited', { [names.PURPOSE]: what.purpose, [names.LIMIT]: what.limit }];
    case 'otp_verified':
      return checked(what.purpose, 'right');
    case 'otp_wrong':
      return checked(what.purpose, 'wrong');
    case 'otp_attempts_exceeded':
      return checked(what.purpose, 'attempts_exceeded');
    case 'phone_refused':
      return ['phones.refused', { [names.WHY]: what.why }];
    case 'handle_refused':
      return ['handles.refused', { [names.WHY]: what.why }];
    case 'authenticator_changed':
      return ['authenticators.changed', { [names.PURPOSE]: what.purpose }];
    case 'signed_in':
      return ['sign_ins', { [names.OUTCOME]: 'complete' }];
    case 'sign_in_incomplete':
      return ['sign_ins', { [names.OUTCOME]: 'incomplete', [names.STEP]: what.step }];
    default:
      return undefined;
  }
}

function countOfSurroundings(what: Countable, action: string | undefined): Count | undefined {
  switch (what.type) {
    case 'circuit_changed':
      return ['circuit.changes', { [names.CALL]: what.call, [names.STATE]: what.state }];
    case 'authsignal_failed':
      return what.failure === 'circuit_open' ? ['calls.withheld', callAttribute(what)] : undefined;
    case 'replay_store_failed':
      return ['store.failures', { [names.STORE]: 'replay', [names.STEP]: what.step }];
    case 'limit_store_failed':
      return ['store.failures', { [names.STORE]: 'limit' }];
    case 'callback_failed':
      return ['callback.failures', { ...actionAttribute(action), [names.CALLBACK]: what.callback }];
    case 'webhook_received':
    case 'webhook_duplicate':
    case 'webhook_returned':
      return ['webhooks', { [names.OUTCOME]: what.type.slice('webhook_'.length) }];
    case 'webhook_refused':
      return ['webhooks', { [names.OUTCOME]: 'refused', [names.WHY]: what.why }];
    default:
      return undefined;
  }
}

function checked(purpose: string, outcome: string): Count {
  return ['otp.checked', { [names.PURPOSE]: purpose, [names.OUTCOME]: outcome }];
}

function callAttribute({ call }: { readonly call?: string }): Attributes {
  return call === undefined ? {} : { [names.CALL]: call };
}

function actionAttribute(action: string | undefined): Attributes {
  return action === undefined ? {} : { [names.ACTION]: action };
}
