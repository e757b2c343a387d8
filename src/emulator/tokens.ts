import { createSecretKey, type KeyObject, randomUUID } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import type { TimeSource } from './emulator-clock.js';

/** What a token speaks for. */
export interface TokenSubject {
  readonly userId: string;
  readonly action: string;
  readonly idempotencyKey: string;
  /** Separated by spaces. */
  readonly scope: string;
  readonly username?: string;
}

export interface ReadToken extends TokenSubject {
  readonly tokenId: string;
}

export type TokenReading =
  | { readonly kind: 'valid'; readonly token: ReadToken }
  | { readonly kind: 'expired' }
  | { readonly kind: 'invalid' };

export interface TokensOptions {
  readonly secret: string;
  readonly tenantId: string;
  readonly clock: TimeSource;
  readonly lifetimeMs: number;
}

/** Issues and reads the tenant's tokens: HS256 with the API secret, on the emulator's clock. */
export class Tokens {
  readonly #key: KeyObject;
  readonly #issuer: string;
  readonly #options: TokensOptions;

  constructor(options: TokensOptions) {
    this.#options = options;
    this.#key = createSecretKey(Buffer.from(options.secret, 'utf8'));
    this.#issuer = `https://challenge.authsignal.com/${options.tenantId}`;
  }

  issue(subject: TokenSubject): Promise<string> {
    const { clock, lifetimeMs, tenantId } = this.#options;
    const issuedAt = Math.floor(clock.now() / 1000);
    const { userId, action, idempotencyKey, scope, username } = subject;
    const other = {
      tenantId,
      publishableKey: tenantId,
      userId,
      actionCode: action,
      idempotencyKey,
      ...(username === undefined ? {} : { username }),
    };
    return new SignJWT({ scope, other })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setSubject(userId)
      .setIssuer(this.#issuer)
      .setAudience(this.#issuer)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + Math.ceil(lifetimeMs / 1000))
      .setJti(randomUUID())
      .sign(this.#key);
  }

  async read(token: string): Promise<TokenReading> {
    try {
      const { payload } = await jwtVerify(token, this.#key, {
        algorithms: ['HS256'],
        issuer: this.#issuer,
        audience: this.#issuer,
        requiredClaims: ['sub', 'iat', 'exp', 'jti'],
        currentDate: new Date(this.#options.clock.now()),
      });
      return subjectOf(payload);
    } catch (error) {
      return { kind: error instanceof errors.JWTExpired ? 'expired' : 'invalid' };
    }
  }
}

function subjectOf(payload: Readonly<Record<string, unknown>>): TokenReading {
  const { sub, jti, scope, other } = payload;
  if (typeof sub !== 'string' || typeof jti !== 'string' || typeof scope !== 'string') {
    return { kind: 'invalid' };
  }
  if (typeof other !== 'object' || other === null) return { kind: 'invalid' };
  const { actionCode, idempotencyKey } = other as Record<string, unknown>;
  if (typeof actionCode !== 'string' || typeof idempotencyKey !== 'string') {
    return { kind: 'invalid' };
  }
  return {
    kind: 'valid',
    token: { userId: sub, action: actionCode, idempotencyKey, scope, tokenId: jti },
  };
}
