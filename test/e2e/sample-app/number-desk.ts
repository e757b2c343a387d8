import type { Emulator } from 'authsignal-guard/emulator';
import request, { type Response } from 'supertest';

export type Browser = ReturnType<typeof request.agent>;
export type NumberFlow = 'enrollment' | 'phone-number' | 'sign-in';

/** What somebody does about numbers with a browser and the phones that they can read. */
export class NumberDesk {
  readonly #url: string;
  readonly #emulator: Emulator;

  constructor(url: string, emulator: Emulator) {
    this.#url = url;
    this.#emulator = emulator;
  }

  newBrowser(): Browser {
    return request.agent(this.#url);
  }

  ask(
    browser: Browser,
    flow: NumberFlow,
    phoneNumber: string,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    return post(browser, flow, { phoneNumber }, headers);
  }

  /** Reads the code on the phone and enters it. */
  async enter(
    browser: Browser,
    flow: NumberFlow,
    sent: Response,
    phoneNumber: string,
  ): Promise<Response> {
    const code = await this.#emulator.inbox.waitForCode(phoneNumber);
    return post(browser, `${flow}/verify`, { handle: sent.body.handle, code });
  }

  async run(browser: Browser, flow: NumberFlow, phoneNumber: string): Promise<Response> {
    return this.enter(browser, flow, await this.ask(browser, flow, phoneNumber), phoneNumber);
  }

  /** A new browser that is signed in by this number. */
  async signedIn(phoneNumber: string): Promise<Browser> {
    const browser = this.newBrowser();
    const answer = await this.run(browser, 'sign-in', phoneNumber);
    if (answer.status !== 200) throw new Error(`Signing in was answered ${answer.text}`);
    return browser;
  }

  /** The same for a user whom Authsignal can challenge on this number. */
  async enrolled(phoneNumber: string): Promise<Browser> {
    const browser = await this.signedIn(phoneNumber);
    const answer = await post(browser, 'verified-number', {});
    if (answer.status !== 200) throw new Error(`Enrolling was answered ${answer.text}`);
    return browser;
  }
}

export async function post(
  browser: Browser,
  path: string,
  body: object,
  headers: Record<string, string> = {},
): Promise<Response> {
  return browser.post(`/whatsapp/${path}`).set(headers).send(body);
}

/** What a browser's user is told about themselves. */
export async function me(browser: Browser): Promise<Record<string, unknown>> {
  return (await browser.get('/me')).body;
}
