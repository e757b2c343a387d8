import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import { canonicalJson } from './canonical-json.js';
import { Keyring, type KeyringSecrets } from './keyring.js';
import { randomText } from './random-text.js';

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
/** 192 bits, of which base64url makes whole characters. */
const MAC_LENGTH = 32;
const KEY = /^v1([A-Za-z0-9_-]{8})([A-Za-z0-9_-]{16})([A-Za-z0-9_-]{32})$/;

/**
 * Issues and checks the `idempotencyKey` that ties an Authsignal challenge to one request: `v1`,
 * 6 bytes of time in milliseconds, 12 random bytes and a 192-bit HMAC-SHA-256 over RFC 8785
 * canonical JSON of both and the {@link BindingContext}; 58 url-safe characters in all. Authsignal
 * hands the key back with a validated token, so nothing has to be stored in between.
 */
export class Binding {
  /** In canonical JSON. */
  readonly #audience: string;
  readonly #keys: readonly [KeyObject, ...KeyObject[]];

  constructor(secrets: KeyringSecrets) {
    this.#audience = canonicalJson(secrets.audience);
    const [current, ...previous] = new Keyring(secrets).derive('binding/v1');
    this.#keys = [createSecretKey(current), ...previous.map((key) => createSecretKey(key))];
  }

  /** A new key for this context, never the same twice. */
  issue(context: BindingContext, now: number): string {
    const time = Buffer.allocUnsafe(TIME_BYTES);
    time.writeUIntBE(now, 0, TIME_BYTES);
    const head = time.toString('base64url');
    const nonce = randomText(NONCE_BYTES);
    return VERSION + head + nonce + mac(this.#keys[0], this.#text(head, nonce, context));
  }

  check(key: string, context: BindingContext): BindingCheck {
    const [, time, nonce, sent] = KEY.exec(key) ?? [];
    if (time === undefined || nonce === undefined || sent === undefined) {
      return { outcome: 'foreign' };
    }
    const text = this.#text(time, nonce, context);
    const given = Buffer.from(sent);
    const isBound = this.#keys.some((secret) =>
      timingSafeEqual(Buffer.from(mac(secret, text)), given),
    );
    return isBound
      ? { outcome: 'bound', issuedAt: Buffer.from(time, 'base64url').readUIntBE(0, TIME_BYTES) }
      : { outcome: 'mismatch' };
  }

  /**
   * Canonical JSON of an object with these fields. Their names are ours, so their order is known; writing them out
   * takes a third of the time that sorting them for each request does.
   */
  #text(time: string, nonce: string, context: BindingContext): string {
    const { subject, session, action, method, path, route, handler, params, bound } = context;
    return (
      `{"action":${JSON.stringify(action)},"audience":${this.#audience}` +
      `,"bound":${canonicalJson(bound)},"handler":${JSON.stringify(handler)}` +
      `,"method":${JSON.stringify(method)},"nonce":"${nonce}","params":${canonicalJson(params)}` +
      `,"path":${JSON.stringify(path)},"route":${JSON.stringify(route)}` +
      `,"session":${JSON.stringify(session)},"subject":${JSON.stringify(subject)},"time":"${time}"}`
    );
  }
}

function mac(key: KeyObject, text: string): string {
  return createHmac('sha256', key).update(text).digest('base64url').slice(0, MAC_LENGTH);
}
