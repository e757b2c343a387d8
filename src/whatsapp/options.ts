import type { ActionRequest } from '../core/action-request.js';
import type { FlowPurpose } from '../core/events.js';
import type { SignedInRequest } from '../core/options.js';
import type { Awaitable } from '../core/policy.js';

/** So many within a time. */
export interface Limit {
  readonly max: number;
  /** In milliseconds; at most 20 days. */
  readonly windowMs: number;
}

/**
 * Every limit of the flows. Sends are counted before Authsignal is called and given back when it
 * surely sent nothing. Give one a new value, or `false` to switch it off in so many words.
 */
export interface WhatsAppLimits {
  /** The wait between two messages to one number, growing with each. Default 30, 60, 120, 300 s. */
  readonly waitsMs?: readonly number[] | false;
  /** To one number. Default 3 in 10 minutes and 10 a day. */
  readonly number?: readonly Limit[] | false;
  /** For one user, where there is one. Default 5 an hour. */
  readonly user?: readonly Limit[] | false;
  /** From one address, or /64 of IPv6. Default 3 a minute and 20 a day. */
  readonly ip?: readonly Limit[] | false;
  /** To one number without its last four digits. Default 60 an hour. */
  readonly prefix?: readonly Limit[] | false;
  /** To all numbers. Default 5,000 a day. */
  readonly budget?: readonly Limit[] | false;
  /**
   * Stops sending to a prefix of which too few codes come back. Default: fewer than 10 % verified
   * of 50 or more sends within a day.
   */
  readonly conversion?:
    | { readonly minSends: number; readonly minRate: number; readonly windowMs: number }
    | false;
  /** Wrong codes in one flow, resent messages included. Default 5. */
  readonly codesPerFlow?: number;
  /**
   * Wrong codes for one number in a row, over all its flows; a right one resets them. Default 10 an
   * hour, 20 a day and 100 in 20 days.
   */
  readonly codes?: readonly Limit[] | false;
}

/** What a flow that ends with an authenticator may be given. */
export interface EnrollmentOptions {
  /** The Authsignal action of the old factor's challenge. */
  readonly action?: string;
}

export interface VerifiedNumberOptions<Raw = SignedInRequest> extends EnrollmentOptions {
  /**
   * The number that the application itself has verified, from its own records; nothing: 422. Never
   * take it from the request's body.
   */
  resolve(
    request: ActionRequest<unknown, Raw>,
  ): Awaitable<{ readonly phoneNumber: string } | null | undefined>;
}

export interface SignInOptions<Raw = SignedInRequest> {
  /** The Authsignal action of the sign-in. Default `signInWithWhatsApp`. */
  readonly action?: string;
  /** The user id for a number that was just proven, in E.164. Runs after the right code only. */
  findOrCreateUser(proven: {
    readonly phoneNumber: string;
    readonly request: ActionRequest<unknown, Raw>;
  }): Awaitable<string | number>;
  /**
   * Makes the application's session; runs after the claim only. What it returns is the answer's
   * body.
   */
  signedIn(proven: {
    readonly userId: string;
    readonly phoneNumber: string;
    /** Authsignal's, which `validateChallenge` accepts. */
    readonly token: string;
    readonly request: ActionRequest<unknown, Raw>;
    /** Adds a header, such as `Set-Cookie`, to the answer. */
    readonly setHeader: (name: string, value: string) => void;
  }): Awaitable<object>;
}

/** A user's WhatsApp number is another one now. Numbers are whole, in E.164. */
export interface AuthenticatorChange {
  readonly kind: Exclude<FlowPurpose, 'sign_in'>;
  readonly userId: string;
  readonly phoneNumber: string;
  /** Missing with a first number. */
  readonly previousPhoneNumber?: string;
}

/** A flow exists only if its options are given. */
export interface WhatsAppOptions<Raw = SignedInRequest> {
  /** Where messages may go, as ISO 3166-1 alpha-2 codes such as `NZ`; or `'any'`. */
  readonly countries: readonly string[] | 'any';
  /** The country of a number that is written without one. */
  readonly defaultCountry?: string;
  readonly enrollment?: EnrollmentOptions;
  readonly phoneNumber?: EnrollmentOptions;
  readonly verifiedNumber?: VerifiedNumberOptions<Raw>;
  readonly signIn?: SignInOptions<Raw>;
  readonly limits?: WhatsAppLimits;
  /** A client of ioredis or node-redis, where there are more processes than one. */
  readonly limitStore?: object;
  /**
   * Told after the change, so that the user can be notified on another channel. What it throws is
   * reported; the change has happened.
   */
  onAuthenticatorChanged?(change: AuthenticatorChange): Awaitable<void>;
}
