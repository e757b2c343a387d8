/** Authsignal's action of each flow, unless its options name another. */
export const DEFAULT_ACTIONS = {
  enrollment: 'enrollWhatsApp',
  phoneNumber: 'updatePhoneNumber',
  verifiedNumber: 'enrollVerifiedNumber',
  signIn: 'signInWithWhatsApp',
} as const;
