import {
  type ActionSettings,
  type Emulator,
  type EmulatorOptions,
  startEmulator,
} from 'authsignal-guard/emulator';
import { DEMO_USERS } from '../bank/demo-users.js';
import type { Action } from './actions.js';

/** What somebody would set up in Authsignal's portal. Amounts are in minor units. */
const SETTINGS: Readonly<Record<Action, ActionSettings>> = {
  signIn: {
    outcome: 'ALLOW',
    rules: [
      {
        name: 'New device',
        conditions: { '==': [{ var: 'custom.newDevice' }, true] },
        outcome: 'CHALLENGE',
      },
    ],
  },
  createPayment: {
    outcome: 'ALLOW',
    rules: [
      {
        name: 'More than 10,000.00',
        conditions: { '>': [{ var: 'custom.amount' }, 1_000_000] },
        outcome: 'BLOCK',
      },
      {
        name: 'Payee on the watch list',
        conditions: { '==': [{ var: 'custom.payee' }, 'REVIEW ME'] },
        outcome: 'REVIEW',
      },
      {
        name: 'More than 100.00',
        conditions: { '>': [{ var: 'custom.amount' }, 10_000] },
        outcome: 'CHALLENGE',
      },
    ],
  },
  // Whoever has a number confirms the next one with it. A first one cannot be challenged.
  enrollWhatsApp: { outcome: 'CHALLENGE' },
  updatePhoneNumber: { outcome: 'CHALLENGE' },
  enrollVerifiedNumber: { outcome: 'CHALLENGE' },
  signInWithWhatsApp: { outcome: 'CHALLENGE' },
};

/** A stand-in for Authsignal on this machine, with the rules above and the numbers of the demo users whom it knows. */
export async function startEmulatedTenant(
  options: Pick<EmulatorOptions, 'limits' | 'onMessage' | 'port'>,
): Promise<Emulator> {
  const emulator = await startEmulator({
    ...options,
    actions: SETTINGS,
    verificationMethods: ['WHATSAPP'],
  });
  for (const { id, phoneNumber, isEnrolled } of DEMO_USERS) {
    if (isEnrolled && phoneNumber !== undefined) {
      emulator.users.enroll(id, { phoneNumber });
    }
  }
  return emulator;
}
