/** Every action that the bank asks Authsignal about. */
export const ACTIONS = [
  'signIn',
  'createPayment',
  'enrollWhatsApp',
  'updatePhoneNumber',
  'enrollVerifiedNumber',
  'signInWithWhatsApp',
] as const;

export type Action = (typeof ACTIONS)[number];
