import type {
  ChallengeRequest,
  ClaimRequest,
  EnrollVerifiedRequest,
  TrackRequest,
  ValidateRequest,
  VerifyRequest,
} from '../core/authsignal-port.js';

/*
 * Field by field, so that nothing reaches Authsignal that a policy in plain JavaScript slipped into
 * its attributes (`scope` above all). JSON leaves out what is undefined.
 */

export function trackBody({ attributes, idempotencyKey }: TrackRequest): object {
  return {
    idempotencyKey,
    redirectUrl: attributes.redirectUrl,
    ipAddress: attributes.ipAddress,
    userAgent: attributes.userAgent,
    deviceId: attributes.deviceId,
    email: attributes.email,
    phoneNumber: attributes.phoneNumber,
    username: attributes.username,
    locale: attributes.locale,
    custom: attributes.custom,
  };
}

export function validateBody({ token, userId, action }: ValidateRequest): object {
  return { token, userId, action };
}

export function challengeBody(request: ChallengeRequest): object {
  return {
    verificationMethod: request.verificationMethod,
    action: request.action,
    phoneNumber: request.phoneNumber,
    email: request.email,
    userId: request.userId,
    scope: request.scope,
    challengeId: request.challengeId,
    idempotencyKey: request.idempotencyKey,
    locale: request.locale,
    ipAddress: request.ipAddress,
    userAgent: request.userAgent,
    deviceId: request.deviceId,
  };
}

export function verifyBody({ challengeId, verificationCode }: VerifyRequest): object {
  return { challengeId, verificationCode };
}

export function claimBody({ challengeId, userId }: ClaimRequest): object {
  return { challengeId, userId };
}

export function enrollVerifiedBody(request: EnrollVerifiedRequest): object {
  return {
    verificationMethod: request.verificationMethod,
    phoneNumber: request.phoneNumber,
    email: request.email,
    isDefault: request.isDefault,
  };
}
