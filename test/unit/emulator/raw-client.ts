import type { Emulator } from 'authsignal-guard/emulator';

export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

/** The Server API and the Client API without an SDK in between. */
export class RawClient {
  readonly #emulator: Emulator;

  constructor(emulator: Emulator) {
    this.#emulator = emulator;
  }

  async send(
    method: string,
    path: string,
    authorization: string,
    body?: unknown,
  ): Promise<RawAnswer> {
    const answer = await fetch(`${this.#emulator.apiUrl}${path}`, {
      method,
      redirect: 'manual',
      headers: { authorization, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const value: unknown = await answer.json();
    return { status: answer.status, headers: answer.headers, body: value as RawAnswer['body'] };
  }

  server(method: string, path: string, body?: unknown): Promise<RawAnswer> {
    const secret = Buffer.from(`${this.#emulator.secret}:`).toString('base64');
    return this.send(method, path, `Basic ${secret}`, body);
  }

  async track(userId: string, action: string, body: object = {}): Promise<Tracked> {
    const path = `/users/${encodeURIComponent(userId)}/actions/${action}`;
    const answer = await this.server('POST', path, body);
    return {
      status: answer.status,
      body: answer.body,
      state: String(answer.body.state),
      token: String(answer.body.token),
      idempotencyKey: String(answer.body.idempotencyKey),
    };
  }

  validate(token: string, expected: object = {}): Promise<RawAnswer> {
    return this.server('POST', '/validate', { token, ...expected });
  }

  challenge(token: string): Promise<RawAnswer> {
    return this.send('POST', '/client/challenge/whatsapp', `Bearer ${token}`);
  }

  verify(token: string, verificationCode: string): Promise<RawAnswer> {
    return this.send('POST', '/client/verify/whatsapp', `Bearer ${token}`, { verificationCode });
  }

  /** Sends a code and hands in the right one; the token that the verification gave. */
  async complete(token: string, phoneNumber: string): Promise<string> {
    await this.challenge(token);
    const code = await this.#emulator.inbox.waitForCode(phoneNumber);
    return String((await this.verify(token, code)).body.accessToken);
  }
}

export interface Tracked {
  readonly status: number;
  readonly body: RawAnswer['body'];
  readonly state: string;
  readonly token: string;
  readonly idempotencyKey: string;
}
