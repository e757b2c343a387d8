import type { KeyObject } from 'node:crypto';
import { StepUpError } from '../core/errors.js';
import {
  aDuration,
  aList,
  aText,
  checkFields,
  checkObject,
  type FieldChecks,
} from '../core/option-checks.js';
import type { WebhookOptions } from './options.js';
import { signingKey } from './signature.js';

export interface ResolvedWebhook {
  readonly keys: readonly KeyObject[];
  readonly toleranceMs: number;
  readonly rememberMs: number;
  readonly tenantId: string | undefined;
  readonly maxBodyBytes: number;
}

const OWNER = 'The Authsignal webhook';
const aSecretList = aList('Server API secrets');

const CHECKS: FieldChecks<WebhookOptions> = {
  name: aText,
  apiSecretKeys: (value) => (typeof value === 'function' ? undefined : aSecretList(value)),
  toleranceMs: aDuration,
  rememberMs: aDuration,
  tenantId: aText,
  maxBodyBytes: (value) =>
    Number.isSafeInteger(value) && Number(value) > 0 ? undefined : 'a whole number above 0',
};

/**
 * @param apiSecretKey the gate's.
 * @throws StepUpError `ERR_STEP_UP_OPTION`, with the option and the fix.
 */
export function resolveWebhook(
  options: WebhookOptions,
  apiSecretKey: string | undefined,
): ResolvedWebhook {
  checkObject('ERR_STEP_UP_OPTION', `What ${OWNER} takes`, options);
  checkFields('ERR_STEP_UP_OPTION', OWNER, options, CHECKS);
  const { toleranceMs = 300_000, rememberMs = 86_400_000, maxBodyBytes = 1_048_576 } = options;
  if (rememberMs < 2 * toleranceMs) {
    throw optionError('`rememberMs` must be at least twice `toleranceMs`');
  }
  return Object.freeze({
    keys: secretsOf(options, apiSecretKey).map(signingKey),
    toleranceMs,
    rememberMs,
    tenantId: options.tenantId,
    maxBodyBytes,
  });
}

function secretsOf(
  { apiSecretKeys }: WebhookOptions,
  apiSecretKey: string | undefined,
): readonly string[] {
  const given = typeof apiSecretKeys === 'function' ? apiSecretKeys() : apiSecretKeys;
  if (given !== undefined || typeof apiSecretKeys === 'function') {
    const fault = aSecretList(given);
    if (given === undefined || fault !== undefined) {
      throw optionError(`\`apiSecretKeys\` must be ${fault}`);
    }
    return given;
  }
  if (apiSecretKey === undefined) {
    throw optionError(
      'with a port of your own the gate has no API secret: give `apiSecretKeys: [...]`, the Server ' +
        'API secrets of Authsignal Portal > Settings > API keys',
    );
  }
  return [apiSecretKey];
}

function optionError(message: string): StepUpError {
  return new StepUpError('ERR_STEP_UP_OPTION', `${OWNER}: ${message}.`);
}
