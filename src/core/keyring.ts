import { hkdfSync } from 'node:crypto';

const KEY_BYTES = 32;

export interface KeyringSecrets {
  readonly secret: string;
  /** Whose keys still count. */
  readonly previousSecrets: readonly string[];
  /** Tells applications that share a secret apart. */
  readonly audience: string;
}

/** The application's secrets as keys: a different one for each purpose, by HKDF-SHA-256 (RFC 5869). */
export class Keyring {
  readonly audience: string;
  readonly #secrets: readonly [string, ...string[]];

  constructor(secrets: KeyringSecrets) {
    this.audience = secrets.audience;
    this.#secrets = [secrets.secret, ...secrets.previousSecrets];
  }

  /** The key in force, and behind it those that were before and still count. */
  derive(purpose: string): [Buffer, ...Buffer[]] {
    const [current, ...previous] = this.#secrets;
    const key = (secret: string): Buffer =>
      Buffer.from(hkdfSync('sha256', secret, '', `authsignal-guard/${purpose}`, KEY_BYTES));
    return [key(current), ...previous.map(key)];
  }
}
