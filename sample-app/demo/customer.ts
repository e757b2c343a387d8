import type { Emulator } from 'authsignal-guard/emulator';
import type { CreatePaymentDto } from '../bank/create-payment.dto.js';
import type { NewUser } from '../bank/users.js';
import { exchange } from './http-exchange.js';
import { type Answer, type Outcome, textIn } from './outcome.js';
import type { Program } from './program.js';

export interface Stage {
  readonly program: Program;
  readonly bankUrl: string;
  readonly emulator: Emulator;
}

/** Somebody with a browser, which keeps the bank's cookies, and a phone. */
export class Customer {
  readonly #stage: Stage;
  readonly #user: NewUser;
  readonly #cookies = new Map<string, string>();

  constructor(stage: Stage, user: NewUser) {
    this.#stage = stage;
    this.#user = user;
  }

  signIn(expected: Outcome, proof?: string, password = this.#user.password): Promise<Answer> {
    return this.#post('/login', { username: this.#user.username, password }, expected, proof);
  }

  pay(payment: CreatePaymentDto, expected: Outcome, proof?: string): Promise<Answer> {
    return this.#post('/payments', payment, expected, proof);
  }

  /** Answers the challenge of a refusal, with the calls that `@authsignal/browser` makes. */
  async prove(refusal: Answer): Promise<string> {
    const { emulator } = this.#stage;
    const token = textIn(refusal.body, 'challenge', 'token') ?? '';
    await this.#whatsApp('challenge', token, {}, { status: 200 });
    // The stand-in prints the message; a person would look at the phone.
    const verificationCode = await emulator.inbox.waitForCode(this.#user.phoneNumber ?? '');
    const verified = { status: 200, isVerified: true };
    const { body } = await this.#whatsApp('verify', token, { verificationCode }, verified);
    return textIn(body, 'accessToken') ?? '';
  }

  #whatsApp(
    call: 'challenge' | 'verify',
    token: string,
    body: object,
    expected: Outcome,
  ): Promise<Answer> {
    const { emulator, program } = this.#stage;
    const url = `${emulator.apiUrl}/client/${call}/whatsapp`;
    const headers = { authorization: `Bearer ${token}` };
    return exchange(program, { url, body, headers, note: ' (to Authsignal)' }, expected);
  }

  async #post(path: string, body: object, expected: Outcome, proof?: string): Promise<Answer> {
    const { program, bankUrl } = this.#stage;
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { cookie, ...(proof === undefined ? {} : { 'step-up-proof': proof }) };
    const note = proof === undefined ? '' : ' + Step-Up-Proof';
    const sent = { url: bankUrl + path, body, headers, note };
    const answer = await exchange(program, sent, expected);
    for (const set of answer.cookies) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      this.#cookies.set(name, value);
    }
    return answer;
  }
}
