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

/** The flows that end with a code to a number. */
export type NumberFlow = 'enrollment' | 'phone-number' | 'sign-in';

/** Somebody with a browser, which keeps the bank's cookies. */
export class Customer {
  readonly #stage: Stage;
  readonly #user: NewUser | undefined;
  readonly #cookies = new Map<string, string>();

  /** @param user nobody: somebody of whom only the phone is known. */
  constructor(stage: Stage, user?: NewUser) {
    this.#stage = stage;
    this.#user = user;
  }

  signIn(expected: Outcome, proof?: string, password = this.#user?.password): Promise<Answer> {
    return this.#post('/login', { username: this.#user?.username, password }, expected, proof);
  }

  pay(payment: CreatePaymentDto, expected: Outcome, proof?: string): Promise<Answer> {
    return this.#post('/payments', payment, expected, proof);
  }

  /** Asks for a code to a number; the answer has the handle that goes back with it. */
  askForCode(
    flow: NumberFlow,
    phoneNumber: string,
    expected: Outcome,
    proof?: string,
  ): Promise<Answer> {
    return this.#post(`/whatsapp/${flow}`, { phoneNumber }, expected, proof);
  }

  askAgain(sent: Answer, expected: Outcome): Promise<Answer> {
    return this.#post('/whatsapp/resend', { handle: textIn(sent.body, 'handle') }, expected);
  }

  enterCode(flow: NumberFlow, sent: Answer, code: string, expected: Outcome): Promise<Answer> {
    const handle = textIn(sent.body, 'handle');
    return this.#post(`/whatsapp/${flow}/verify`, { handle, code }, expected);
  }

  /** Enrolls the number that the bank has verified. */
  enrollKnownNumber(expected: Outcome): Promise<Answer> {
    return this.#post('/whatsapp/verified-number', {}, expected);
  }

  /** The code that came to a phone. */
  read(phoneNumber: string): Promise<string> {
    // The stand-in prints the message; a person would look at the phone.
    return this.#stage.emulator.inbox.waitForCode(phoneNumber.replaceAll(' ', ''));
  }

  /** Answers the challenge of a refusal, with the calls that `@authsignal/browser` makes. */
  async prove(refusal: Answer, phoneNumber = this.#user?.phoneNumber ?? ''): Promise<string> {
    const token = textIn(refusal.body, 'challenge', 'token') ?? '';
    await this.#whatsApp('challenge', token, {}, { status: 200 });
    const verificationCode = await this.read(phoneNumber);
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
