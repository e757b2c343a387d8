import type { StepUpGate, StepUpGateOptions } from 'authsignal-guard';
import type { Emulator } from 'authsignal-guard/emulator';
import type { Ledger } from './ledger.js';

export const PLATFORMS = ['nest-express', 'nest-fastify', 'express-5', 'express-4'] as const;
export type Platform = (typeof PLATFORMS)[number];

export const NEST: readonly Platform[] = ['nest-express', 'nest-fastify'];
export const EXPRESS: readonly Platform[] = ['express-5', 'express-4'];

/** Where the hosts of one suite stand: one Authsignal and one ledger for all of them. */
export interface Town {
  readonly emulator: Emulator;
  readonly ledger: Ledger;
}

/** An application that listens on loopback. */
export interface Host {
  readonly platform: Platform;
  readonly url: string;
  readonly gate: StepUpGate;
  readonly runs: Runs;
  close(): Promise<void>;
}

/** How often which handler ran. */
export class Runs {
  readonly #counts = new Map<string, number>();

  add(name: string): void {
    this.#counts.set(name, this.of(name) + 1);
  }

  of(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  get total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }
}

/** The options of every host, unless it says otherwise. */
export function gateOptions(
  { emulator, ledger }: Town,
  more: Partial<StepUpGateOptions> = {},
): StepUpGateOptions {
  return {
    ...('authsignal' in more ? {} : { apiSecretKey: emulator.secret, apiUrl: emulator.apiUrl }),
    subject: ({ raw }) => raw.user?.id,
    clock: emulator.clock,
    enrollmentUrl: 'https://bank.test/enroll',
    timeoutMs: 10_000,
    onEvent: (event) => ledger.report(event),
    ...more,
  };
}

/** Who a request comes from, by what a test says in its headers. */
export function signedIn(headers: Readonly<Record<string, unknown>>): {
  readonly user?: { readonly id: string };
  readonly sessionId?: string;
} {
  const user = headers['x-user'];
  const session = headers['x-session'];
  return {
    ...(typeof user === 'string' ? { user: { id: decodeURIComponent(user) } } : {}),
    ...(typeof session === 'string' ? { sessionId: session } : {}),
  };
}
