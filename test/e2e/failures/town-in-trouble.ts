import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { type AuthsignalPort, HttpAuthsignal, MemoryReplayStore } from 'authsignal-guard';
import type { CallName } from 'authsignal-guard/emulator';
import { Application } from '../../support/application.js';
import { type Bank, guarded } from '../../support/bank.js';
import { flowHost } from '../../support/flow-host.js';
import type { Host, Town } from '../../support/host.js';
import { Hosts } from '../../support/hosts.js';
import type { Deadline } from './faults.js';

/** Real time that a test waits for a deadline to pass. */
const SHORT_MS = 200;
const USUAL_MS = 10_000;

export const POLICIES = {
  deny: { whenUnavailable: 'deny' },
  allow: { whenUnavailable: 'allow' },
  'deny and requireChallenge': { whenUnavailable: 'deny', requireChallenge: true },
  'allow and requireChallenge': { whenUnavailable: 'allow', requireChallenge: true },
} as const;
export type PolicyName = keyof typeof POLICIES;

/** A route's path by what its policy says; `view` is allowed by the rules, `pay` is challenged. */
export function pathOf(action: 'view' | 'pay', policy: PolicyName): string {
  return `/${action}/${policy.replaceAll(' ', '-')}`;
}

const routes = Object.entries(POLICIES).flatMap(([name, policy]) =>
  (['view', 'pay'] as const).map((action) =>
    guarded('post', pathOf(action, name as PolicyName), action, policy),
  ),
);

const METHODS: Readonly<Partial<Record<CallName, keyof AuthsignalPort>>> = {
  track: 'track',
  validate: 'validateChallenge',
  challenge: 'challenge',
  verify: 'verify',
  claim: 'claimChallenge',
  enrollVerifiedAuthenticator: 'enrollVerifiedAuthenticator',
  updateAction: 'updateAction',
};

/** An application over our own client, of which one call meets another deadline, or nobody. */
export class TownInTrouble {
  readonly app = new Application();
  readonly bank: Promise<Host>;
  readonly #hosts: Hosts;
  readonly #flows: Readonly<Record<'deny' | 'allow', Promise<Host>>>;
  readonly #clients: Readonly<Record<Deadline, HttpAuthsignal>>;
  #troubled: { readonly method: string; readonly client: HttpAuthsignal } | undefined;

  private constructor(town: Town, nobody: string) {
    const { secret: apiSecretKey, apiUrl } = town.emulator;
    const client = (timeoutMs: number, url = apiUrl) =>
      new HttpAuthsignal({ apiSecretKey, apiUrl: url, timeoutMs, sendTimeoutMs: timeoutMs });
    this.#clients = {
      usual: client(USUAL_MS),
      short: client(SHORT_MS),
      nobody: client(USUAL_MS, nobody),
    };
    this.#hosts = new Hosts(town);
    const options = {
      authsignal: this.#port(),
      secret: 'key-material-of-the-bank',
      circuitBreaker: false,
      replayStore: new MemoryReplayStore(),
    } as const;
    const bank: Bank = { options: () => options, routes };
    this.bank = this.#hosts.of(bank, 'express-5');
    const flows = (whenUnavailable: 'deny' | 'allow') =>
      this.#hosts.of(
        flowHost({
          flows: this.app.flows(),
          options: () => ({ ...options, timeoutMs: USUAL_MS, whenUnavailable }),
        }),
        'express-5',
      );
    this.#flows = { deny: flows('deny'), allow: flows('allow') };
  }

  static async found(town: Town): Promise<TownInTrouble> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    return new TownInTrouble(town, `http://127.0.0.1:${port}/v1`);
  }

  /** The WhatsApp flows on a gate whose default is this; it must not matter. */
  flows(whenUnavailable: 'deny' | 'allow'): Promise<Host> {
    return this.#flows[whenUnavailable];
  }

  /** From now on the call, and no other, is made with this deadline. */
  begin(call: CallName, deadline: Deadline): void {
    this.#troubled = { method: METHODS[call] ?? '', client: this.#clients[deadline] };
  }

  end(): void {
    this.#troubled = undefined;
  }

  async close(): Promise<void> {
    await this.#hosts.close();
    await Promise.all(Object.values(this.#clients).map((client) => client.close()));
  }

  #port(): AuthsignalPort {
    const { usual } = this.#clients;
    return new Proxy(usual, {
      get: (_usual, name) => {
        const client = this.#troubled?.method === name ? this.#troubled.client : usual;
        const method: unknown = Reflect.get(client, name);
        // The gates close what they share; it is closed once, at the end.
        return typeof method === 'function' && name !== 'close' ? method.bind(client) : undefined;
      },
    });
  }
}
