import type { AuthsignalPort } from '../../../src/core/authsignal-port.js';
import type { CallResult } from '../../../src/core/call-result.js';

export interface PortCall {
  readonly name: string;
  /** Whether it may be sent a second time when its connection died before an answer. */
  readonly isRepeatable: boolean;
  readonly make: (port: AuthsignalPort) => Promise<CallResult<unknown>>;
}

const reference = { userId: 'user-1', action: 'pay', idempotencyKey: 'key-1' };

export const track: PortCall = {
  name: 'track',
  isRepeatable: true,
  make: (port) => port.track({ ...reference, attributes: { ipAddress: '203.0.113.9' } }),
};

export const challenge: PortCall = {
  name: 'challenge',
  isRepeatable: false,
  make: (port) =>
    port.challenge({ verificationMethod: 'WHATSAPP', action: 'in', phoneNumber: '+64211234567' }),
};

/** Every call of the port once. */
export const PORT_CALLS: readonly PortCall[] = [
  track,
  challenge,
  {
    name: 'validateChallenge',
    isRepeatable: true,
    make: (port) => port.validateChallenge({ token: 'a.b.c', userId: 'user-1', action: 'pay' }),
  },
  {
    name: 'verify',
    isRepeatable: false,
    make: (port) => port.verify({ challengeId: 'challenge-1', verificationCode: '123456' }),
  },
  {
    name: 'claimChallenge',
    isRepeatable: false,
    make: (port) => port.claimChallenge({ challengeId: 'challenge-1', userId: 'user-1' }),
  },
  {
    name: 'getUser',
    isRepeatable: true,
    make: (port) => port.getUser({ userId: 'user-1' }),
  },
  {
    name: 'getAuthenticators',
    isRepeatable: true,
    make: (port) => port.getAuthenticators({ userId: 'user-1' }),
  },
  {
    name: 'enrollVerifiedAuthenticator',
    isRepeatable: false,
    make: (port) =>
      port.enrollVerifiedAuthenticator({
        userId: 'user-1',
        verificationMethod: 'WHATSAPP',
        phoneNumber: '+64211234567',
      }),
  },
  {
    name: 'getAction',
    isRepeatable: true,
    make: (port) => port.getAction(reference),
  },
  {
    name: 'updateAction',
    isRepeatable: false,
    make: (port) => port.updateAction({ ...reference, state: 'CHALLENGE_REQUIRED' }),
  },
];
