import { expect } from '@jest/globals';
import type { StepUpEvent } from 'authsignal-guard';
import type { Emulator } from 'authsignal-guard/emulator';
import request from 'supertest';
import { answerChallenge } from './browser.js';
import type { Host, Town } from './host.js';
import { Transcript } from './transcript.js';

/** One request of a customer; a JSON body unless `type` says otherwise. */
export interface Sending {
  /** Default `post`. */
  readonly method?: 'get' | 'head' | 'post' | 'put' | 'patch' | 'delete' | 'options';
  readonly path: string;
  readonly body?: object | string | Buffer;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly proof?: string;
  /** `null`: nobody is signed in. */
  readonly as?: string | null;
  readonly session?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
  /** The parsed body, `{}` where there is none. */
  readonly json: Readonly<Record<string, unknown>>;
}

let customers = 0;

/** Somebody with a phone who uses one host. What they are answered goes into their transcript. */
export class Customer {
  readonly id: string;
  readonly phone: string;
  readonly transcript: Transcript;
  readonly #runsBefore: number;
  readonly #eventsBefore: number;
  readonly #linesBefore: number;

  constructor(
    readonly host: Host,
    readonly town: Town,
    given: { readonly id?: string; readonly enrolled?: boolean } = {},
  ) {
    customers += 1;
    this.phone = `+6421${7_000_000 + customers}`;
    this.id = given.id ?? `customer-${customers}`;
    this.transcript = new Transcript(this);
    this.#runsBefore = host.runs.total;
    this.#eventsBefore = town.ledger.events.length;
    this.#linesBefore = town.ledger.lines.length;
    town.ledger.secret(this.phone);
    if (given.enrolled !== false) {
      town.emulator.users.enroll(this.id, { phoneNumber: this.phone });
    }
  }

  get emulator(): Emulator {
    return this.town.emulator;
  }

  /** How often handlers of the host ran since this customer came. */
  get runs(): number {
    return this.host.runs.total - this.#runsBefore;
  }

  /** What was reported since this customer came. */
  get events(): readonly StepUpEvent[] {
    return this.town.ledger.events.slice(this.#eventsBefore);
  }

  /** What was logged since this customer came. */
  get logged(): string {
    return this.town.ledger.lines.slice(this.#linesBefore).join('\n');
  }

  get eventTypes(): readonly string[] {
    return this.events.map(({ type }) => type);
  }

  event<Type extends StepUpEvent['type']>(
    type: Type,
  ): Extract<StepUpEvent, { readonly type: Type }> | undefined {
    const found = this.events.findLast((event) => event.type === type);
    // `find` cannot narrow a union by a type parameter.
    return found as Extract<StepUpEvent, { readonly type: Type }> | undefined;
  }

  /** How many calls of this kind Authsignal got. */
  calls(call: Parameters<Emulator['requests']['count']>[0]): number {
    return this.emulator.requests.count(call);
  }

  async send(sending: Sending): Promise<Answer> {
    const answer = await this.sendQuietly(sending);
    this.transcript.add(answer);
    return answer;
  }

  /** What a framework answers by itself, which differs between them, stays out of the transcript. */
  async sendQuietly(sending: Sending): Promise<Answer> {
    const { method = 'post', path, body, type, proof, as = this.id, session } = sending;
    const call = request(this.host.url)
      [method](path)
      .ok(() => true);
    if (as !== null) {
      call.set('x-user', encodeURIComponent(as));
    }
    if (session !== undefined) {
      call.set('x-session', session);
    }
    if (proof !== undefined) {
      call.set('step-up-proof', proof);
    }
    for (const [name, value] of Object.entries(sending.headers ?? {})) {
      call.set({ [name]: value });
    }
    if (type !== undefined) {
      call.type(type);
    }
    const { status, headers, text, body: json } = await call.send(body);
    this.town.ledger.answers.push(JSON.stringify(headers), text ?? '');
    return { status, headers, text: text ?? '', json: json ?? {} };
  }

  /** Sends without a proof and expects to be challenged. */
  async challenge(sending: Sending, code = 'step_up_required'): Promise<string> {
    const answer = await this.send(sending);
    expect(answer).toMatchObject({ status: 403, json: { code } });
    return this.tokenIn(answer);
  }

  tokenIn(answer: Answer): string {
    const { challenge } = answer.json;
    const token = Object(challenge).token;
    expect(typeof token).toBe('string');
    this.town.ledger.token(token);
    return token;
  }

  /** Answers a challenge on the phone. */
  async prove(token: string, phone = this.phone): Promise<string> {
    const { proof, code } = await answerChallenge(this.emulator, token, phone);
    this.town.ledger.token(proof);
    this.town.ledger.secret(code);
    return proof;
  }

  /** The whole way to a proof for this request. */
  async proofFor(sending: Sending): Promise<string> {
    return this.prove(await this.challenge(sending));
  }
}

/** A refusal of the gate, whole: status, media type, code and what else is told. */
export function expectRefusal(
  answer: Answer,
  status: number,
  code: string,
  more: object = {},
): void {
  expect(answer.json).toMatchObject({ status, code, ...more });
  expect(answer.status).toBe(status);
  expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
  expect(answer.headers['cache-control']).toBe('no-store');
}

/** What only a handler behind an approval answers. */
export function expectApproval(answer: Answer, by: string, more: object = {}): void {
  expect(answer.json).toMatchObject({ done: true, approval: { by, ...more } });
  expect([200, 201]).toContain(answer.status);
}
