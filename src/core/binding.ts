import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { canonicalJson } from './canonical-json.js';
import { Keyring, type KeyringSecrets } from './keyring.js';

/** Everything that a challenge is issued for. A change of any of it makes another MAC. */
export interface BindingContext {
  readonly subject: string;
  readonly session: string | null;
  readonly action: string;
  readonly method: string;
  /**
   * Beside route and parameters, which a framework may leave behind from a route that the request
   * fell through: the path alone cannot lie.
   */
  readonly path: string;
  readonly route: string;
  readonly handler: string | null;
  readonly params: unknown;
  readonly bound: unknown;
}

/** How a key that came back compares with the request at hand. */
export type BindingCheck =
  | { readonly outcome: 'bound'; readonly issuedAt: number }
  | { readonly outcome: 'mismatch' }
  /** Not a key of ours. */
  | { readonly outcome: 'foreign' };

const VERSION = 'v1';
const TIME_BYTES = 6;
const NONCE_BYTES = 12;
const MAC_BYTES = 24;
const KEY = /^v1([A-Za-z0-9_-]{8})([A-Za-z0-9_-]{16})([A-Za-z0-9_-]{32})$/;

/**
 * Issues and checks the `idempotencyKey` that ties an Authsignal challenge to one request: `v1`,
 * 6 bytes of time in milliseconds, 12 random bytes and a 192-bit HMAC-SHA-256 over RFC 8785
 * canonical JSON of both and the {@link BindingContext}; 58 url-safe characters in all. Authsignal
 * hands the key back with a validated token, so nothing has to be stored in between.
 */
export class Binding {
  readonly #audience: string;
  readonly #current: Buffer;
  readonly #previous: readonly Buffer[];

  constructor(secrets: KeyringSecrets) {
    this.#audience = secrets.audience;
    [this.#current, ...this.#previous] = new Keyring(secrets).derive('binding/v1');
  }

  /** A new key for this context, never the same twice. */
  issue(context: BindingContext, now: number): string {
    const time = Buffer.alloc(TIME_BYTES);
    time.writeUIntBE(now, 0, TIME_BYTES);
    const head = time.toString('base64url');
    const nonce = randomBytes(NONCE_BYTES).toString('base64url');
    const text = this.#text(head, nonce, context);
    return VERSION + head + nonce + mac(this.#current, text).toString('base64url');
  }

  check(key: string, context: BindingContext): BindingCheck {
    const [, time, nonce, sent] = KEY.exec(key) ?? [];
    if (time === undefined || nonce === undefined || sent === undefined) {
      return { outcome: 'foreign' };
    }
    const text = this.#text(time, nonce, context);
    const given = Buffer.from(sent, 'base64url');
    const bound = [this.#current, ...this.#previous].some((secret) =>
      timingSafeEqual(mac(secret, text), given),
    );
    return bound
      ? { outcome: 'bound', issuedAt: Buffer.from(time, 'base64url').readUIntBE(0, TIME_BYTES) }
      : { outcome: 'mismatch' };
  }

  #text(time: string, nonce: string, context: BindingContext): string {
    const { subject, session, action, method, path, route, handler, params, bound } = context;
    const audience = this.#audience;
    return canonicalJson({
      time,
      nonce,
      audience,
      subject,
      session,
      action,
      method,
      path,
      route,
      handler,
      params,
      bound,
    });
  }
}

function mac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest().subarray(0, MAC_BYTES);
}
