/** A message as it lies in the inbox. */
export interface Message {
  readonly id: string;
  /** E.164 number or e-mail address. */
  readonly to: string;
  readonly code: string;
  readonly channel: 'WHATSAPP' | 'SMS' | 'EMAIL';
  readonly text: string;
  readonly action: string;
  readonly challengeId: string;
  readonly userId?: string;
  /** ISO 8601, by the emulator's clock. */
  readonly sentAt: string;
}
