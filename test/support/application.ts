import type {
  AuthenticatorChange,
  WhatsAppLimits,
  WhatsAppOptions,
} from 'authsignal-guard/express';

type Callback = 'findOrCreateUser' | 'signedIn' | 'resolve' | 'onAuthenticatorChanged';

interface SignedInArguments {
  readonly userId: string;
  readonly phoneNumber: string;
  readonly token: string;
}

/** No limit on sends: for stories that are not about them. */
export const NO_SEND_LIMITS: WhatsAppLimits = {
  waitsMs: false,
  number: false,
  user: false,
  ip: false,
  prefix: false,
  budget: false,
  conversion: false,
};

/** The application's own part in the flows: what it was asked, and how it may fail. */
export class Application {
  readonly changes: AuthenticatorChange[] = [];
  readonly lookups: string[] = [];
  readonly sessions: SignedInArguments[] = [];
  /** Numbers that it has verified itself, by user. */
  readonly records = new Map<string, string>();
  readonly #accounts = new Map<string, string>();
  readonly #instead = new Map<Callback, () => unknown>();

  /** Forgets what happened, before each story. */
  reset(): void {
    this.changes.length = 0;
    this.lookups.length = 0;
    this.sessions.length = 0;
    this.records.clear();
    this.#accounts.clear();
    this.#instead.clear();
  }

  /** An account that is there before anybody signs in. */
  knows(phoneNumber: string, userId: string): void {
    this.#accounts.set(phoneNumber, userId);
  }

  /** What a callback does from now on, in place of its work; without `run` it works again. */
  instead(callback: Callback, run?: () => unknown): void {
    if (run === undefined) {
      this.#instead.delete(callback);
    } else {
      this.#instead.set(callback, run);
    }
  }

  /** All flows, switched on. */
  flows(more: Partial<WhatsAppOptions> = {}): WhatsAppOptions {
    return {
      countries: ['NZ', 'AU'],
      defaultCountry: 'NZ',
      enrollment: {},
      phoneNumber: {},
      verifiedNumber: { resolve: ({ raw }) => this.#resolve(String(raw.user?.id)) },
      signIn: {
        findOrCreateUser: ({ phoneNumber }) => this.#findOrCreate(phoneNumber),
        signedIn: ({ userId, phoneNumber, token, setHeader }) => {
          this.sessions.push({ userId, phoneNumber, token });
          setHeader('Set-Cookie', `sid=${this.sessions.length}; HttpOnly`);
          setHeader('set-cookie', 'seen=1');
          return this.#answer('signedIn', () => ({ welcome: userId })) as object;
        },
      },
      limits: NO_SEND_LIMITS,
      onAuthenticatorChanged: (change) => {
        this.changes.push(change);
        return this.#answer('onAuthenticatorChanged', () => undefined) as undefined;
      },
      ...more,
    };
  }

  #resolve(userId: string): { readonly phoneNumber: string } | undefined {
    const phoneNumber = this.records.get(userId);
    const known = phoneNumber === undefined ? undefined : { phoneNumber };
    return this.#answer('resolve', () => known) as typeof known;
  }

  #findOrCreate(phoneNumber: string): string {
    this.lookups.push(phoneNumber);
    return this.#answer('findOrCreateUser', () => this.#accountOf(phoneNumber)) as string;
  }

  #accountOf(phoneNumber: string): string {
    const account = this.#accounts.get(phoneNumber) ?? `account-${this.#accounts.size + 1}`;
    this.#accounts.set(phoneNumber, account);
    return account;
  }

  #answer(callback: Callback, work: () => unknown): unknown {
    const run = this.#instead.get(callback) ?? work;
    return run();
  }
}
