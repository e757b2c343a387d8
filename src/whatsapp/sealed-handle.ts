import { CompactEncrypt, compactDecrypt } from 'jose';
import type { Clock } from '../core/clock.js';
import type { FlowPurpose } from '../core/events.js';
import type { Keyring } from '../core/keyring.js';

/** What a client holds of a flow, unreadable to it. */
export interface HandleContent {
  /** The same for all handles of one flow; burning and counting go by it. */
  readonly flowId: string;
  readonly challengeId: string;
  readonly purpose: FlowPurpose;
  readonly subject: string | null;
  readonly session: string | null;
  /** E.164. */
  readonly phoneNumber: string;
  /** Whether the old factor was proven when the flow began. */
  readonly steppedUp: boolean;
  /** The number that was there then. An approval given by one is worth nothing once it is gone. */
  readonly replaces: string | null;
  /** Milliseconds since the epoch; a resent message does not move it. */
  readonly expiresAt: number;
  /** Of a sign-in whose code was right: what is left to do. Such a handle needs no code. */
  readonly completion?: {
    /** Each of these handles finishes once. */
    readonly id: string;
    readonly userId?: string;
    readonly token?: string;
  };
}

export type OpenedHandle =
  | { readonly ok: true; readonly content: HandleContent }
  | { readonly ok: false; readonly why: 'unreadable' | 'expired' };

const LONGEST = 4096;

/**
 * Seals handles as JWE (RFC 7516) with a direct A256GCM key, so that a raw challenge id neither
 * leaves nor enters, and opens them, those under previous secrets too.
 */
export class HandleSeal {
  readonly #keys: readonly [Buffer, ...Buffer[]];
  readonly #audience: string;
  readonly #clock: Clock;

  constructor(keyring: Keyring, clock: Clock) {
    this.#keys = keyring.derive(`handle/v1/${keyring.audience}`);
    this.#audience = keyring.audience;
    this.#clock = clock;
  }

  seal(content: HandleContent): Promise<string> {
    const text = JSON.stringify({ audience: this.#audience, ...content });
    return new CompactEncrypt(Buffer.from(text))
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
      .encrypt(this.#keys[0]);
  }

  async open(handle: string): Promise<OpenedHandle> {
    if (handle.length > LONGEST || !isCanonical(handle)) {
      return { ok: false, why: 'unreadable' };
    }
    for (const key of this.#keys) {
      const content = await decrypt(handle, key);
      if (content !== undefined) {
        return content.expiresAt > this.#clock.now()
          ? { ok: true, content }
          : { ok: false, why: 'expired' };
      }
    }
    return { ok: false, why: 'unreadable' };
  }
}

/** Base64url leaves bits over at its end, and decoders are lenient: one handle, one spelling. */
function isCanonical(handle: string): boolean {
  return handle
    .split('.')
    .every((part) => Buffer.from(part, 'base64url').toString('base64url') === part);
}

async function decrypt(handle: string, key: Buffer): Promise<HandleContent | undefined> {
  try {
    const { plaintext } = await compactDecrypt(handle, key, {
      keyManagementAlgorithms: ['dir'],
      contentEncryptionAlgorithms: ['A256GCM'],
    });
    // Whatever opens with this key was sealed by `seal` above.
    return JSON.parse(Buffer.from(plaintext).toString('utf8')) as HandleContent;
  } catch {
    return undefined;
  }
}
