import { EventEmitter } from 'node:events';
import { EmulatorError } from './emulator-error.js';
import type { Message } from './message.js';
import type { EmulatorState } from './state.js';

/** What was sent: WhatsApp, SMS and e-mail alike. `to` is the E.164 number or the address. */
export interface EmulatorInbox {
  /** Oldest first; all of them, or those to one recipient. */
  messages(to?: string): readonly Message[];
  latest(to: string): Message | undefined;
  /**
   * The newest code to `to` that was not read yet, or the next one to come; it is read with this,
   * and so are those before it.
   * @throws EmulatorError `code_timeout` after `timeoutMs` of real time, default 5,000.
   */
  waitForCode(to: string, options?: { readonly timeoutMs?: number }): Promise<string>;
  clear(): void;
}

export class Inbox implements EmulatorInbox {
  readonly #state: EmulatorState;
  readonly #onMessage: (message: Message) => void;
  readonly #arrivals = new EventEmitter().setMaxListeners(0);
  readonly #read = new Set<string>();

  constructor(state: EmulatorState, onMessage: (message: Message) => void = () => undefined) {
    this.#state = state;
    this.#onMessage = onMessage;
  }

  deliver(message: Message): void {
    this.#state.putMessage(message);
    this.#arrivals.emit('message', message);
    this.#onMessage(message);
  }

  messages(to?: string): readonly Message[] {
    const { messages } = this.#state;
    return to === undefined ? [...messages] : messages.filter((message) => message.to === to);
  }

  latest(to: string): Message | undefined {
    return this.messages(to).at(-1);
  }

  waitForCode(to: string, options: { readonly timeoutMs?: number } = {}): Promise<string> {
    const { timeoutMs = 5_000 } = options;
    const newest = this.latest(to);
    if (newest !== undefined && !this.#read.has(newest.id)) {
      return Promise.resolve(this.#readCode(newest));
    }
    return new Promise((resolve, reject) => {
      const arrived = (message: Message): void => {
        if (message.to !== to || this.#read.has(message.id)) return;
        clearTimeout(timer);
        this.#arrivals.off('message', arrived);
        resolve(this.#readCode(message));
      };
      const timer = setTimeout(() => {
        this.#arrivals.off('message', arrived);
        reject(
          new EmulatorError('code_timeout', `No code was sent to ${to} within ${timeoutMs} ms.`),
        );
      }, timeoutMs);
      this.#arrivals.on('message', arrived);
    });
  }

  clear(): void {
    this.#state.messages = [];
    this.#read.clear();
    this.#state.changed();
  }

  #readCode(newest: Message): string {
    for (const message of this.messages(newest.to)) this.#read.add(message.id);
    return newest.code;
  }
}
