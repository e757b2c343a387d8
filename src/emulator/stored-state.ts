import type { ActionRecord } from './action-record.js';
import type { AuthenticatorRecord } from './authenticator-record.js';
import type { ChallengeRecord } from './challenge-record.js';
import type { Message } from './message.js';
import type { UserRecord } from './user-record.js';

/** The state as it is written down. */
export interface StoredState {
  readonly users: readonly UserRecord[];
  readonly authenticators: readonly AuthenticatorRecord[];
  readonly actions: readonly ActionRecord[];
  readonly challenges: readonly ChallengeRecord[];
  readonly messages: readonly Message[];
  readonly hits: readonly { readonly key: string; readonly times: readonly number[] }[];
  readonly usedTokens: readonly string[];
}

const FORMAT = 'authsignal-emulator';
const VERSION = 1;

/** The fields that a record of each list cannot do without. */
const REQUIRED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  users: { userId: 'string', devices: 'array' },
  authenticators: { userId: 'string', userAuthenticatorId: 'string', verificationMethod: 'string' },
  actions: {
    userId: 'string',
    action: 'string',
    idempotencyKey: 'string',
    state: 'string',
    stateUpdatedAt: 'number',
    rules: 'array',
  },
  challenges: { challengeId: 'string', expiresAt: 'number', codes: 'array', method: 'string' },
  messages: { id: 'string', to: 'string', code: 'string' },
  hits: { key: 'string', times: 'array' },
};

export function serialise(state: StoredState): string {
  return `${JSON.stringify({ format: FORMAT, version: VERSION, ...state })}\n`;
}

/** The state in `text`, or why it is none. Nothing is dropped or guessed. */
export function parse(
  text: string,
): { readonly state: StoredState } | { readonly problem: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { problem: 'it is not JSON' };
  }
  const file = asRecord(value);
  if (file?.format !== FORMAT) return { problem: 'it was not written by the emulator' };
  if (file.version !== VERSION) return { problem: `its version is not ${VERSION}` };
  for (const [list, fields] of Object.entries(REQUIRED)) {
    const problem = problemOf(list, file[list], fields);
    if (problem !== undefined) return { problem };
  }
  const { usedTokens } = file;
  if (!Array.isArray(usedTokens) || !usedTokens.every((id) => typeof id === 'string')) {
    return { problem: '"usedTokens" is not a list of strings' };
  }
  return { state: value as StoredState };
}

function problemOf(
  list: string,
  records: unknown,
  fields: Readonly<Record<string, string>>,
): string | undefined {
  if (!Array.isArray(records)) return `"${list}" is not a list`;
  for (const [index, entry] of records.entries()) {
    const record = asRecord(entry);
    for (const [field, type] of Object.entries(fields)) {
      const value = record?.[field];
      const isRight = type === 'array' ? Array.isArray(value) : typeof value === type;
      if (!isRight) return `"${list}[${index}].${field}" is missing or of another type`;
    }
  }
  return undefined;
}

function asRecord(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null
    ? (value as Record<string, unknown>)
    : undefined;
}
