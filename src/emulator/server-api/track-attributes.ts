import type { Fields } from '../fields.js';

/** The body of `track`. */
export const TRACK_ATTRIBUTES = {
  idempotencyKey: 'string',
  redirectUrl: 'string',
  redirectToSettings: 'boolean',
  ipAddress: 'string',
  userAgent: 'string',
  deviceId: 'string',
  scope: 'string',
  email: 'string',
  phoneNumber: 'string',
  username: 'string',
  custom: 'custom',
  challengeId: 'string',
  locale: 'string',
  customDomain: 'string',
} as const;
export type TrackAttributes = Fields<typeof TRACK_ATTRIBUTES>;
