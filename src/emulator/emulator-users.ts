import type { AuthenticatorRecord } from './authenticator-record.js';
import { enrol } from './enrolment.js';
import { present } from './fields.js';
import type { Tenant } from './tenant.js';
import type { UserRecord } from './user-record.js';
import type { EmulatedVerificationMethod } from './verification-method.js';

export interface Enrolment {
  /** E.164. For WHATSAPP and SMS. */
  readonly phoneNumber?: string;
  /** For the e-mail methods. */
  readonly email?: string;
  /** Default `WHATSAPP`. */
  readonly verificationMethod?: EmulatedVerificationMethod;
}

/** A user with what is enrolled; a copy. */
export interface EmulatedUser extends UserRecord {
  readonly authenticators: readonly AuthenticatorRecord[];
}

export interface EmulatorUsers {
  /** Makes the user if need be and adds a verified authenticator, or gives the one of this method another number. */
  enroll(userId: string, enrolment: Enrolment): AuthenticatorRecord;
  get(userId: string): EmulatedUser | undefined;
  all(): readonly EmulatedUser[];
  /** The user and what is enrolled; tracked actions stay. */
  delete(userId: string): void;
}

export function createEmulatorUsers(tenant: Tenant): EmulatorUsers {
  const { state } = tenant;
  const copy = (user: UserRecord): EmulatedUser =>
    structuredClone({ ...user, authenticators: state.authenticators(user.userId) });
  return {
    enroll: (userId, { verificationMethod = 'WHATSAPP', phoneNumber, email }) => {
      const given = present({ phoneNumber, email });
      return structuredClone(enrol(tenant, { userId, verificationMethod, ...given }).authenticator);
    },
    get: (userId) => {
      const user = state.users.get(userId);
      return user === undefined ? undefined : copy(user);
    },
    all: () => [...state.users.values()].map(copy),
    delete: (userId) => state.deleteUser(userId, false),
  };
}
