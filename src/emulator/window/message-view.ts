import type { Message } from '../message.js';
import type { Tenant } from '../tenant.js';

/** What the code of a message is still good for; `expiresAt` is Unix milliseconds. */
export type CodeLife =
  | { readonly kind: 'live'; readonly expiresAt: number }
  | { readonly kind: 'used' | 'replaced' | 'expired' };

export interface MessageView {
  readonly id: string;
  readonly to: string;
  readonly code: string;
  readonly channel: Message['channel'];
  readonly text: string;
  readonly action: string;
  readonly userId?: string;
  readonly sentAt: string;
  readonly life: CodeLife;
}

export function messageView(tenant: Tenant, message: Message): MessageView {
  const { challengeId: _, ...shown } = message;
  return { ...shown, life: lifeOf(tenant, message) };
}

function lifeOf(tenant: Tenant, message: Message): CodeLife {
  const challenge = tenant.state.challenge(message.challengeId);
  if (challenge === undefined) return { kind: 'expired' };
  if (!challenge.codes.includes(message.code)) return { kind: 'replaced' };
  if (challenge.verifiedAt !== undefined) return { kind: 'used' };
  const { expiresAt } = challenge;
  return expiresAt > tenant.clock.now() ? { kind: 'live', expiresAt } : { kind: 'expired' };
}
