import type { CustomData } from './custom-data.js';

/** A user as the emulator keeps it. Times are Unix milliseconds of the emulator's clock. */
export interface UserRecord {
  userId: string;
  email?: string;
  emailVerified: boolean;
  phoneNumber?: string;
  phoneNumberVerified: boolean;
  username?: string;
  displayName?: string;
  custom?: CustomData;
  locale?: string;
  /** Device ids that were tracked for this user. */
  devices: string[];
  lastVerifiedAt?: number;
}
