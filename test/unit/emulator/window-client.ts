import { Agent, request } from 'node:http';
import type { Emulator } from 'authsignal-guard/emulator';
import type { WindowState } from '../../../src/emulator/window/window-state.js';

export interface WindowAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: string;
}

export interface WindowRequest {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
}

/** What a browser would send, or what one never would: every header is the caller's. */
export class WindowClient {
  readonly #emulator: Emulator;

  constructor(emulator: Emulator) {
    this.#emulator = emulator;
  }

  send({ method = 'GET', path, headers, body, signal }: WindowRequest): Promise<WindowAnswer> {
    return new Promise((resolve, reject) => {
      const outgoing = request(`${this.#emulator.url}${path}`, {
        method,
        agent: new Agent({ keepAlive: false }),
        ...(headers === undefined ? {} : { headers }),
        ...(signal === undefined ? {} : { signal }),
      });
      outgoing.on('error', reject);
      outgoing.on('response', (incoming) => {
        let text = '';
        incoming.on('data', (chunk) => {
          text += String(chunk);
        });
        incoming.on('error', reject);
        incoming.on('end', () =>
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text }),
        );
      });
      outgoing.end(body);
    });
  }

  async state(after?: string): Promise<WindowState> {
    const query = after === undefined ? '' : `?after=${encodeURIComponent(after)}`;
    const answer = await this.send({ path: `/window/state${query}` });
    return JSON.parse(answer.text);
  }

  /** The status, and the words of a refusal. */
  async command(name: string, body: object): Promise<{ status: number; words: unknown }> {
    const answer = await this.send({
      method: 'POST',
      path: `/window/commands/${name}`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const { errorDescription } = JSON.parse(answer.text);
    return { status: answer.status, words: errorDescription };
  }
}
