/** Methods that the emulator can record as a user's authenticator. */
export const VERIFICATION_METHODS = [
  'SMS',
  'EMAIL_OTP',
  'EMAIL_MAGIC_LINK',
  'AUTHENTICATOR_APP',
  'PASSKEY',
  'SECURITY_KEY',
  'PUSH',
  'VERIFF',
  'IPROOV',
  'IDVERSE',
  'PALM_BIOMETRICS_RR',
  'RECOVERY_CODE',
  'DEVICE',
  'WHATSAPP',
] as const;
export type EmulatedVerificationMethod = (typeof VERIFICATION_METHODS)[number];

/** Methods whose one-time code the emulator delivers to its inbox. */
export const CODE_METHODS = ['WHATSAPP', 'SMS', 'EMAIL_OTP'] as const;
export type CodeMethod = (typeof CODE_METHODS)[number];

export function isVerificationMethod(value: unknown): value is EmulatedVerificationMethod {
  return (VERIFICATION_METHODS as readonly unknown[]).includes(value);
}

export function isCodeMethod(value: unknown): value is CodeMethod {
  return (CODE_METHODS as readonly unknown[]).includes(value);
}

export function usesPhone(method: EmulatedVerificationMethod): boolean {
  return method === 'WHATSAPP' || method === 'SMS';
}

export function usesEmail(method: EmulatedVerificationMethod): boolean {
  return method === 'EMAIL_OTP' || method === 'EMAIL_MAGIC_LINK';
}

/** E.164: a plus sign, a first digit that is not zero, 7 to 15 digits in all. */
export function isE164(phoneNumber: string): boolean {
  return /^\+[1-9]\d{6,14}$/.test(phoneNumber);
}
