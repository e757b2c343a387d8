import { maskedNumber } from './masked-number.js';
import type { Notice } from './notices.js';
import type { User } from './users.js';

/** What users are told about themselves. */
export interface Account {
  readonly id: string;
  readonly username: string;
  /** Masked. */
  readonly phoneNumber: string | null;
  readonly notices: readonly Notice[];
}

export function accountOf(
  { id, username, phoneNumber }: User,
  notices: readonly Notice[],
): Account {
  return {
    id,
    username,
    phoneNumber: phoneNumber === undefined ? null : maskedNumber(phoneNumber),
    notices,
  };
}
