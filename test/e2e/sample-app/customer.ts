import type { Emulator } from 'authsignal-guard/emulator';
import request, { type Response } from 'supertest';
import { DEMO_USERS } from '../../../sample-app/bank/demo-users.js';

export const LARGE = { amount: 250_000, currency: 'NZD', payee: 'Power Company' };
export const SMALL = { ...LARGE, amount: 2_500 };

/** A demo user in a browser of its own. */
export class Customer {
  readonly browser: ReturnType<typeof request.agent>;
  readonly #emulator: Emulator;
  readonly #user: (typeof DEMO_USERS)[number];

  constructor(url: string, emulator: Emulator, username: string) {
    const user = DEMO_USERS.find((each) => each.username === username);
    if (user === undefined) throw new Error(`${username} is no demo user.`);
    this.browser = request.agent(url);
    this.#emulator = emulator;
    this.#user = user;
  }

  get credentials(): { username: string; password: string } {
    return { username: this.#user.username, password: this.#user.password };
  }

  signIn(proof?: string): Promise<Response> {
    return this.#post('/login', this.credentials, proof);
  }

  /** With the challenge of a new browser. */
  async signedIn(): Promise<this> {
    const answer = await this.signIn(await this.prove(await this.signIn()));
    if (answer.status !== 200) throw new Error(`Signing in was answered ${answer.text}`);
    return this;
  }

  pay(payment: object, proof?: string): Promise<Response> {
    return this.#post('/payments', payment, proof);
  }

  async payments(): Promise<unknown> {
    return (await this.browser.get('/payments')).body;
  }

  /** Answers the challenge of a refusal; the proof. */
  prove(refusal: Response): Promise<string> {
    return prove(this.#emulator, refusal, this.#user.phoneNumber ?? '');
  }

  async #post(path: string, body: object, proof: string | undefined): Promise<Response> {
    const sent = this.browser.post(path).send(body);
    return proof === undefined ? sent : sent.set('step-up-proof', proof);
  }
}

/** Answers the challenge of a refusal on the phone with this number; the proof. */
export async function prove(
  emulator: Emulator,
  refusal: Response,
  phoneNumber: string,
): Promise<string> {
  const { token } = refusal.body.challenge;
  const toAuthsignal = (call: string, body: object) =>
    request(emulator.apiUrl)
      .post(`/client/${call}/whatsapp`)
      .auth(token, { type: 'bearer' })
      .send(body);
  await toAuthsignal('challenge', {});
  const verificationCode = await emulator.inbox.waitForCode(phoneNumber);
  const { body } = await toAuthsignal('verify', { verificationCode });
  return String(body.accessToken);
}
