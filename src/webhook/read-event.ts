import { createHash } from 'node:crypto';
import type { AuthsignalEvent, AuthsignalEventData } from './authsignal-event.js';

type Reading =
  | { readonly ok: true; readonly event: AuthsignalEvent }
  | { readonly ok: false; readonly why: 'not_json' | 'not_an_event' | 'wrong_tenant' };

const MAX_NAME_LENGTH = 200;
const MAX_RECORDS = 500;

/** Reads a delivery whose signature holds. Fields that are not of the envelope are left out. */
export function readEvent(body: Buffer, tenantId: string | undefined): Reading {
  let given: unknown;
  try {
    given = JSON.parse(body.toString('utf8'));
  } catch {
    return { ok: false, why: 'not_json' };
  }
  const event = isData(given) ? (envelopeOf(given) ?? batchOf(given, body)) : undefined;
  if (event === undefined) {
    return { ok: false, why: 'not_an_event' };
  }
  const isForeign =
    tenantId !== undefined && tenantsOf(event).some((tenant) => tenant !== tenantId);
  return isForeign ? { ok: false, why: 'wrong_tenant' } : { ok: true, event };
}

function envelopeOf(given: AuthsignalEventData): AuthsignalEvent | undefined {
  const { id, type, version, source, time, tenantId, data } = given;
  return isName(id) &&
    isName(type) &&
    isName(tenantId) &&
    typeof version === 'number' &&
    typeof source === 'string' &&
    typeof time === 'string' &&
    isData(data)
    ? { id, type, version, source, time, tenantId, data }
    : undefined;
}

function batchOf({ id, records }: AuthsignalEventData, body: Buffer): AuthsignalEvent | undefined {
  const isBatch = id === undefined && Array.isArray(records) && records.every(isData);
  if (!isBatch || records.length === 0 || records.length > MAX_RECORDS) {
    return undefined;
  }
  const digest = createHash('sha256').update(body).digest('base64url');
  return { type: 'log_batch', id: `sha256-${digest}`, records };
}

/** Where a batch names tenants: in the records, or in what they enclose. */
function tenantsOf(event: AuthsignalEvent): readonly unknown[] {
  if (!('records' in event)) {
    return [event.tenantId];
  }
  return event.records
    .flatMap((record) => [record, record.record, record.data])
    .flatMap((part) => (isData(part) && part.tenantId !== undefined ? [part.tenantId] : []));
}

function isData(value: unknown): value is AuthsignalEventData {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= MAX_NAME_LENGTH;
}
