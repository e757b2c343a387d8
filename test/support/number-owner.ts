import { expect } from '@jest/globals';
import type { Emulator } from 'authsignal-guard/emulator';
import type { Application } from './application.js';
import type { Answer, Customer, Sending } from './customer.js';

type More = Omit<Sending, 'path' | 'body'>;

/** A flow that sends a code, by its path. */
export type CodeFlow = 'enrollment' | 'phone-number' | 'sign-in';

let numbers = 0;

/** A flow that was begun: what the client holds of it, and where its code went. */
export interface Begun {
  readonly flow: CodeFlow;
  readonly handle: string;
  readonly phone: string;
  readonly answer: Answer;
}

/** A customer who uses the WhatsApp flows of an application. */
export class NumberOwner {
  constructor(
    readonly customer: Customer,
    readonly app: Application,
  ) {}

  get emulator(): Emulator {
    return this.customer.emulator;
  }

  /** A mobile number of New Zealand that nobody else has. */
  newPhone(): string {
    numbers += 1;
    return this.#secret(`+6421${8_000_000 + numbers}`);
  }

  /** A number, not to be seen anywhere. */
  #secret(phone: string): string {
    this.customer.town.ledger.secret(phone);
    this.customer.town.ledger.secret(phone.slice(1));
    return phone;
  }

  post(path: string, body: Sending['body'], more: More = {}): Promise<Answer> {
    const given = body === undefined ? {} : { body };
    return this.customer.send({ path: `/whatsapp${path}`, ...given, ...more });
  }

  status(more: More = {}): Promise<Answer> {
    return this.customer.send({ method: 'get', path: '/whatsapp', ...more });
  }

  start(flow: CodeFlow, phoneNumber: string, more: More = {}): Promise<Answer> {
    return this.post(`/${flow}`, { phoneNumber }, more);
  }

  verify(flow: CodeFlow, handle: string, code: string, more: More = {}): Promise<Answer> {
    return this.post(`/${flow}/verify`, { handle, code }, more);
  }

  resend(handle: string, more: More = {}): Promise<Answer> {
    return this.post('/resend', { handle }, more);
  }

  /** Begins a flow, passing the step-up with the old number where there is one. */
  async begin(flow: CodeFlow, phone = this.newPhone(), more: More = {}): Promise<Begun> {
    const first = await this.start(flow, phone, more);
    const answer =
      first.status === 403
        ? await this.start(flow, phone, { ...more, ...(await this.stepUp(first)) })
        : first;
    return { flow, phone, answer, handle: this.handleIn(answer) };
  }

  /** Answers the challenge of a refusal on the old phone. */
  async stepUp(refusal: Answer, phone = this.customer.phone): Promise<{ readonly proof: string }> {
    expect(refusal).toMatchObject({ status: 403, json: { code: 'step_up_required' } });
    return { proof: await this.customer.prove(this.customer.tokenIn(refusal), phone) };
  }

  handleIn(answer: Answer): string {
    const { handle } = answer.json;
    expect(handle).toEqual(expect.any(String));
    this.customer.town.ledger.token(String(handle));
    return String(handle);
  }

  /** The newest code to a phone, which nobody but its owner may see. */
  async code(phone: string): Promise<string> {
    const code = await this.emulator.inbox.waitForCode(phone);
    this.customer.town.ledger.secret(code);
    return code;
  }

  /** Hands in the right code. */
  async finish({ flow, handle, phone }: Begun, more: More = {}): Promise<Answer> {
    return this.verify(flow, handle, await this.code(phone), more);
  }

  /** How many messages went to a phone. */
  messages(phone: string): number {
    return this.emulator.inbox.messages(phone).length;
  }

  /** The numbers of this customer's authenticators, as Authsignal has them. */
  get enrolled(): readonly (string | undefined)[] {
    const user = this.emulator.users.get(this.customer.id);
    return user?.authenticators.map(({ phoneNumber }) => phoneNumber) ?? [];
  }

  /** The bodies of the calls of a kind that mention a text, such as a number or a challenge. */
  callsWith(call: Parameters<Emulator['requests']['all']>[0], text: string): readonly unknown[] {
    return this.emulator.requests
      .all(call)
      .filter(({ body, path }) => `${path} ${JSON.stringify(body)}`.includes(text))
      .map(({ body }) => body);
  }
}

/** Another code of the same length. */
export function wrong(code: string, by = 1): string {
  return [...code].map((digit) => (Number(digit) + by) % 10).join('');
}
