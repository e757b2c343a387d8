import { Agent, request } from 'node:http';
import { json } from 'node:stream/consumers';
import type { Emulator } from 'authsignal-guard/emulator';
import { answerChallenge } from '../../support/browser.js';

export interface Answer {
  readonly status: number;
  /** The `code` of a refusal. */
  readonly code: string | undefined;
  readonly json: Readonly<Record<string, unknown>>;
}

export interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

const agent = new Agent({ keepAlive: false });

/** One request on a connection of its own, so that no answer hangs on what another connection went through. */
export function send(url: string, { method = 'POST', headers = {}, body }: Sent): Promise<Answer> {
  const type = { 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const call = request(url, { method, agent, headers: { ...type, ...headers } }, (answer) => {
      json(answer)
        // A gateway's own answer has no body.
        .catch(() => ({}))
        .then((value) => {
          const { code } = Object(value);
          resolve({ status: answer.statusCode ?? 0, code, json: Object(value) });
        });
    });
    call.on('error', reject);
    call.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

let payers = 0;

/** A customer with a phone who makes one payment. */
export class Payer {
  readonly id: string;
  readonly #phone: string;
  readonly #emulator: Emulator;
  readonly #body: object;
  #proof: string | undefined;

  /** @param given `hold`: its handler stops in the middle until it is released. */
  constructor(emulator: Emulator, given: { readonly hold?: boolean } = {}) {
    payers += 1;
    this.id = `payer-${payers}`;
    this.#phone = `+6421${6_000_000 + payers}`;
    this.#emulator = emulator;
    this.#body = { amount: 4_000 + payers, payee: 'NZ12', ...given };
    emulator.users.enroll(this.id, { phoneNumber: this.#phone });
  }

  /** The payment, with the proof if there is one. */
  pay(url: string): Promise<Answer> {
    const proof = this.#proof === undefined ? {} : { 'step-up-proof': this.#proof };
    return send(`${url}/payments`, {
      headers: { 'x-user': this.id, ...proof },
      body: this.#body,
    });
  }

  /** Is refused, and answers the challenge on the phone. */
  async stepUp(url: string): Promise<void> {
    const refusal = await this.pay(url);
    if (refusal.code !== 'step_up_required') {
      throw new Error(`A challenge was expected, not ${JSON.stringify(refusal)}`);
    }
    const { token } = Object(refusal.json.challenge);
    const { proof } = await answerChallenge(this.#emulator, token, this.#phone);
    this.#proof = proof;
  }
}
